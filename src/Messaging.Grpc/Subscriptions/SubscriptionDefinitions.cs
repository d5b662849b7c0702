using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Messaging.Broker.Filters;
using Messaging.Broker.Subscriptions;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Subscriptions;

/// <summary>A subscription's definition, whole and as a patch. What a value may be is the broker's to say.</summary>
internal static class SubscriptionDefinitions
{
    private static readonly SubscriptionDefinition Defaults = new();

    public static SubscriptionDefinition Read(V1.SubscriptionDefinition? wire)
    {
        if (wire?.Target is null)
            throw Refusal.Missing("definition.target", "A subscription has a target, such as the name of a queue.");
        if (wire.Filter is { Policy.Length: 0 })
            throw Refusal.Missing("definition.filter.policy", "A filter has a policy.");
        return ReadParts(wire);
    }

    public static SubscriptionPatch Patch(V1.SubscriptionDefinition? wire, FieldMask? mask)
    {
        wire ??= new V1.SubscriptionDefinition();
        SubscriptionDefinition read = ReadParts(wire);
        List<string> paths = FieldPaths.Of(wire, mask);
        return definition => paths.Aggregate(definition, (now, path) => Change(now, read, wire, path));
    }

    public static SubscriptionStart ReadStart(V1.SubscriptionStart? wire, string field)
    {
        switch (wire?.AtCase)
        {
            case V1.SubscriptionStart.AtOneofCase.Time:
                return SubscriptionStart.At(Times.Read(wire.Time, field + ".time"));
            case V1.SubscriptionStart.AtOneofCase.End when wire.End == V1.SubscriptionStart.Types.End.Earliest:
                return SubscriptionStart.Earliest;
            case V1.SubscriptionStart.AtOneofCase.End when wire.End is not (V1.SubscriptionStart.Types.End.Unspecified or V1.SubscriptionStart.Types.End.Now):
                throw Refusal.Invalid(field + ".end", "Must be now or earliest.");
            default:
                return SubscriptionStart.Now;
        }
    }

    // What is missing takes its default here, also where there is none that is legal.
    private static SubscriptionDefinition ReadParts(V1.SubscriptionDefinition wire) => new()
    {
        Target = wire.Target is { } target ? SubscriptionTargets.Read(target) : Defaults.Target,
        Filter = wire.Filter is { } filter ? new SubscriptionFilter(ReadScope(filter.Scope), filter.Policy) : null,
        Raw = wire.HasRaw ? wire.Raw : Defaults.Raw,
        DeliveryPolicy = DeliveryPolicies.Read(wire.DeliveryPolicy),
        Confirmed = wire.Confirmed,
        DeadLetter = wire.DeadLetter is { } dead ? Names.Queue(dead.Queue, "definition.deadLetter.queue") : null,
        StartAt = ReadStart(wire.StartAt, "definition.startAt"),
        Tags = FieldPaths.Merge(Defaults.Tags, wire.Tags, null),
        Annotations = FieldPaths.Merge(Defaults.Annotations, wire.Annotations, null),
    };

    // Of what was read the field that the path names, defaults included.
    private static SubscriptionDefinition Change(SubscriptionDefinition now, SubscriptionDefinition read, V1.SubscriptionDefinition wire, string path)
    {
        (string field, string? rest) = FieldPaths.Split(path);
        return field switch
        {
            "target" => now with { Target = read.Target },
            "filter" => now with { Filter = rest is null ? read.Filter : Change(now.Filter, read.Filter, rest) },
            "raw" => now with { Raw = read.Raw },
            "delivery_policy" => now with { DeliveryPolicy = read.DeliveryPolicy },
            "confirmed" => now with { Confirmed = read.Confirmed },
            "dead_letter" => now with { DeadLetter = read.DeadLetter },
            "start_at" => now with { StartAt = read.StartAt },
            "tags" => now with { Tags = FieldPaths.Merge(now.Tags, wire.Tags, rest) },
            "annotations" => now with { Annotations = FieldPaths.Merge(now.Annotations, wire.Annotations, rest) },
            _ => throw new UnreachableException($"The field {field} has no case."),
        };
    }

    // A patch that gives a scope to a filter that is not there is refused for its policy.
    private static SubscriptionFilter Change(SubscriptionFilter? now, SubscriptionFilter? read, string field) => field == "scope"
        ? new SubscriptionFilter(read?.Scope ?? FilterScope.Attributes, now?.PolicyJson ?? "")
        : new SubscriptionFilter(now?.Scope ?? FilterScope.Attributes, read?.PolicyJson ?? "");

    private static FilterScope ReadScope(V1.FilterScope scope) => scope switch
    {
        V1.FilterScope.Unspecified or V1.FilterScope.Attributes => FilterScope.Attributes,
        V1.FilterScope.Body => FilterScope.Body,
        _ => throw Refusal.Invalid("definition.filter.scope", "Must be attributes or body."),
    };
}
