using Messaging.Broker.Filters;
using Messaging.Broker.Subscriptions;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Subscriptions;

/// <summary>Subscriptions as the wire has them.</summary>
internal static class SubscriptionWriter
{
    public static V1.Subscription Of(SubscriptionDescription subscription) => new()
    {
        Name = subscription.Key.Name.Value,
        Definition = Of(subscription.Definition),
        Version = subscription.Version,
        CreatedAt = Times.Of(subscription.CreatedAt),
        ModifiedAt = Times.Of(subscription.ModifiedAt),
        Paused = subscription.Paused,
        Pending = subscription.Pending,
        Replay = subscription.Replay is { } replay ? Of(replay) : null,
    };

    public static V1.SubscriptionDefinition Of(SubscriptionDefinition definition) => new()
    {
        Target = SubscriptionTargets.Of(definition.Target),
        Filter = definition.Filter is { } filter ? new V1.SubscriptionFilter { Scope = Of(filter.Scope), Policy = filter.PolicyJson } : null,
        Raw = definition.Raw,
        DeliveryPolicy = DeliveryPolicies.Of(definition.DeliveryPolicy),
        Confirmed = definition.Confirmed,
        DeadLetter = definition.DeadLetter is { } dead ? new V1.SubscriptionDeadLetter { Queue = dead.Value } : null,
        StartAt = Of(definition.StartAt),
        Tags = { definition.Tags.ToDictionary() },
        Annotations = { definition.Annotations.ToDictionary() },
    };

    private static V1.SubscriptionReplay Of(SubscriptionReplay replay) => new()
    {
        Status = replay.Status switch
        {
            ReplayStatus.Pending => V1.SubscriptionReplay.Types.Status.Pending,
            ReplayStatus.InProgress => V1.SubscriptionReplay.Types.Status.InProgress,
            ReplayStatus.Completed => V1.SubscriptionReplay.Types.Status.Completed,
            ReplayStatus.Failed => V1.SubscriptionReplay.Types.Status.Failed,
        },
        StartAt = Of(replay.From),
        To = replay.ToMs is { } to ? Times.Of(to) : null,
    };

    private static V1.SubscriptionStart Of(SubscriptionStart start) => start.Kind switch
    {
        SubscriptionStartKind.Now => new V1.SubscriptionStart { End = V1.SubscriptionStart.Types.End.Now },
        SubscriptionStartKind.Earliest => new V1.SubscriptionStart { End = V1.SubscriptionStart.Types.End.Earliest },
        SubscriptionStartKind.Time => new V1.SubscriptionStart { Time = Times.Of(start.TimeMs) },
    };

    private static V1.FilterScope Of(FilterScope scope) => scope switch { FilterScope.Attributes => V1.FilterScope.Attributes, FilterScope.Body => V1.FilterScope.Body };
}
