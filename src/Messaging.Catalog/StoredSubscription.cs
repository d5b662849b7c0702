using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Catalog;

/// <summary>
/// A subscription's definition in the words of the API, as <see cref="DefinitionJson"/> writes and reads it. Its filter's policy is a text within it: as jsonb it would not come back as it was
/// written.
/// </summary>
internal sealed record StoredSubscription
{
    private const string Now = "now", Earliest = "earliest";

    // To the millisecond, as the broker has it.
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public required StoredTarget Target { get; init; }

    public StoredFilter? Filter { get; init; }

    public bool Raw { get; init; } = true;

    /// <summary>As Amazon SNS writes it, a text.</summary>
    public string? DeliveryPolicy { get; init; }

    /// <summary>Null is false: rows of older builds do not say it, and need not.</summary>
    public bool? Confirmed { get; init; }

    public StoredPlace? DeadLetter { get; init; }

    public string StartAt { get; init; } = Now;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public static StoredSubscription Of(SubscriptionDefinition definition) => new()
    {
        Target = StoredTarget.Of(definition.Target),
        Filter = definition.Filter is { } filter ? new StoredFilter { Scope = filter.Scope, Policy = filter.PolicyJson } : null,
        Raw = definition.Raw,
        DeliveryPolicy = definition.DeliveryPolicy is { } policy ? DeliveryPolicyWriter.Write(policy) : null,
        Confirmed = definition.Confirmed ? true : null,
        DeadLetter = definition.DeadLetter is { } queue ? new StoredPlace { Queue = queue } : null,
        StartAt = definition.StartAt.Kind switch
        {
            SubscriptionStartKind.Now => Now,
            SubscriptionStartKind.Earliest => Earliest,
            SubscriptionStartKind.Time => DateTimeOffset.FromUnixTimeMilliseconds(definition.StartAt.TimeMs).ToString(TimeFormat, CultureInfo.InvariantCulture),
        },
        Tags = definition.Tags,
        Annotations = definition.Annotations,
    };

    /// <exception cref="JsonException">Not a definition that this build knows.</exception>
    public SubscriptionDefinition ToDefinition() => new()
    {
        Target = Target.ToTarget(),
        Filter = Filter is null ? null : new SubscriptionFilter(Filter.Scope, Filter.Policy),
        Raw = Raw,
        DeliveryPolicy = DeliveryPolicy is null ? null : Policy(DeliveryPolicy),
        Confirmed = Confirmed ?? false,
        DeadLetter = DeadLetter?.Queue,
        StartAt = StartAt switch { Now => SubscriptionStart.Now, Earliest => SubscriptionStart.Earliest, _ => Time(StartAt) },
        Tags = Tags,
        Annotations = Annotations,
    };

    private static DeliveryPolicy Policy(string text)
    {
        Result<DeliveryPolicy> policy = DeliveryPolicyReader.ReadSubscription(text, isRaw: true);
        return policy.IsOk ? policy.Value : throw new JsonException("A delivery policy is not a legal one.");
    }

    private static SubscriptionStart Time(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? SubscriptionStart.At(time.ToUnixTimeMilliseconds())
            : throw new JsonException("startAt is now, earliest or a time.");

    /// <summary>A queue.</summary>
    internal sealed record StoredPlace
    {
        public required QueueName Queue { get; init; }
    }

    /// <summary>The policy is a text.</summary>
    internal sealed record StoredFilter
    {
        public required FilterScope Scope { get; init; }

        public required string Policy { get; init; }
    }
}
