using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

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

    public required StoredPlace Target { get; init; }

    public StoredFilter? Filter { get; init; }

    public bool Raw { get; init; } = true;

    public StoredPlace? DeadLetter { get; init; }

    public string StartAt { get; init; } = Now;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public static StoredSubscription Of(SubscriptionDefinition definition) => new()
    {
        Target = new StoredPlace { Queue = ((SubscriptionTarget.OfQueue)definition.Target).Queue },
        Filter = definition.Filter is { } filter ? new StoredFilter { Scope = filter.Scope, Policy = filter.PolicyJson } : null,
        Raw = definition.Raw,
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
        Target = new SubscriptionTarget.OfQueue(Target.Queue),
        Filter = Filter is null ? null : new SubscriptionFilter(Filter.Scope, Filter.Policy),
        Raw = Raw,
        DeadLetter = DeadLetter?.Queue,
        StartAt = StartAt switch { Now => SubscriptionStart.Now, Earliest => SubscriptionStart.Earliest, _ => Time(StartAt) },
        Tags = Tags,
        Annotations = Annotations,
    };

    private static SubscriptionStart Time(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? SubscriptionStart.At(time.ToUnixTimeMilliseconds())
            : throw new JsonException("startAt is now, earliest or a time.");

    /// <summary>A queue, and no other kind of place yet.</summary>
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
