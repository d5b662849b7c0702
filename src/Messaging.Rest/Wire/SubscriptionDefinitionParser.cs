using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A subscription's definition, whole or as a merge patch (RFC 7396), where null stands for the default and takes a tag or an annotation away. Of filter, deliveryPolicy and deadLetter null is a value,
/// whole or as a patch: none. Objects within it are <see cref="SubscriptionTargetParser"/>, <see cref="SubscriptionPartParsers"/> and <see cref="TextsParser"/>.
/// </summary>
internal static class SubscriptionDefinitionParser
{
    private const int Target = 0, Filter = 1, Raw = 2, DeadLetter = 3, StartAt = 4, Tags = 5, Annotations = 6, Policy = 7, Confirmed = 8;

    private static readonly SubscriptionDefinition Defaults = new();

    public static readonly FieldTable Fields = new(["target", "filter", "raw", "deadLetter", "startAt", "tags", "annotations", "deliveryPolicy", "confirmed"]);

    /// <summary>The problem of a definition that says nothing of where to.</summary>
    public static readonly Problem TargetMissing = Problem.Of(FrontCode.MissingField, "A subscription has a target, such as {\"queue\":\"orders\"}.", Fields.Served[Target]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return target.IsMerge || target.HasTarget ? null : TargetMissing;
            if (ReadField(ref reader, document, field, target) is { } problem)
                return problem;
        }
    }

    /// <summary>One field's value; <paramref name="field"/> counts as <see cref="Fields"/> does.</summary>
    public static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Box target)
    {
        target.HasTarget |= field == Target;
        if (reader.TokenType == JsonTokenType.Null && (target.IsMerge || field is Filter or DeadLetter or Policy))
        {
            target.Then(OfNull(field));
            return null;
        }
        return field switch
        {
            Target => SubscriptionTargetParser.Read(ref reader, document, target),
            Filter => SubscriptionPartParsers.ReadFilter(ref reader, document, target),
            Raw => ReadRaw(ref reader, target),
            Policy => ReadPolicy(ref reader, document, target),
            Confirmed => ReadConfirmed(ref reader, target),
            DeadLetter => SubscriptionPartParsers.ReadDeadLetter(ref reader, document, target),
            StartAt => ReadStartAt(ref reader, document, target),
            Tags => TextsParser.ReadTags(ref reader, document, target, static (definition, tags) => definition with { Tags = tags.Merge(definition.Tags) }),
            Annotations => TextsParser.ReadAnnotations(ref reader, document, target, static (definition, annotations) => definition with { Annotations = annotations.Merge(definition.Annotations) }),
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
    }

    private static Func<SubscriptionDefinition, SubscriptionDefinition> OfNull(int field) => field switch
    {
        Target => static definition => definition with { Target = Defaults.Target },
        Filter => static definition => definition with { Filter = null },
        Raw => static definition => definition with { Raw = Defaults.Raw },
        DeadLetter => static definition => definition with { DeadLetter = null },
        Policy => static definition => definition with { DeliveryPolicy = null },
        Confirmed => static definition => definition with { Confirmed = Defaults.Confirmed },
        StartAt => static definition => definition with { StartAt = Defaults.StartAt },
        Tags => static definition => definition with { Tags = Defaults.Tags },
        Annotations => static definition => definition with { Annotations = Defaults.Annotations },
        _ => throw new UnreachableException($"Field {field} has no default."),
    };

    private static Problem? ReadRaw(ref Utf8JsonReader reader, Box target)
    {
        if (JsonText.Boolean(ref reader, "raw", out bool isRaw) is { } problem)
            return problem;
        target.Then(definition => definition with { Raw = isRaw });
        return null;
    }

    private static Problem? ReadConfirmed(ref Utf8JsonReader reader, Box target)
    {
        if (JsonText.Boolean(ref reader, "confirmed", out bool isConfirmed) is { } problem)
            return problem;
        target.Then(definition => definition with { Confirmed = isConfirmed });
        return null;
    }

    // One value, and replaced as one. Which content types there are depends on raw, so that the definition's own rules say it.
    private static Problem? ReadPolicy(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("deliveryPolicy", "Must be an object, or null.");
        JsonText.Raw(ref reader, document, out ReadOnlyMemory<byte> bytes);
        Result<DeliveryPolicy> policy = DeliveryPolicyReader.ReadSubscription(Encoding.UTF8.GetString(bytes.Span), isRaw: true);
        if (!policy.IsOk)
            return Problem.Of(policy.Error.Code, policy.Error.Detail, policy.Error.Field);
        target.Then(definition => definition with { DeliveryPolicy = policy.Value });
        return null;
    }

    private static Problem? ReadStartAt(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (SubscriptionWords.ReadStart(ref reader, document, out SubscriptionStart start) is { } problem)
            return problem;
        target.Then(definition => definition with { StartAt = start });
        return null;
    }

    /// <summary>A place for what was read.</summary>
    internal sealed class Box() : DefinitionBox<SubscriptionDefinition>(Defaults)
    {
        /// <summary>It says where to.</summary>
        public bool HasTarget { get; set; }

        public SubscriptionPatch Patch => new(Change);
    }
}
