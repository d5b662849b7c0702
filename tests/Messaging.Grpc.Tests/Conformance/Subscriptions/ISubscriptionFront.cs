using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>
/// What all fronts can do with topics that fan out, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "topicNotFound". A subscription is known by its topic and its
/// target, a queue's name or an endpoint's URL, since not all fronts name it. One for each front; thread-safe.
/// </summary>
internal interface ISubscriptionFront
{
    Task<string> CreateTopicAsync(string name, bool isFifo = false);

    Task<string> DeleteTopicAsync(string name);

    /// <summary>The names that begin so, in their order.</summary>
    Task<string[]> ListTopicsAsync(string prefix);

    /// <summary>One outcome a message; or one for the call.</summary>
    Task<string[]> PublishAsync(string topic, params FrontSend[] messages);

    Task<string> SubscribeAsync(string topic, string queue, SubscriptionTerms terms);

    /// <summary>Changes the filter of a subscription that is there, and leaves the rest.</summary>
    Task<string> FilterAsync(string topic, string queue, FrontFilter filter);

    /// <summary>Ends a subscription that is there.</summary>
    Task<string> UnsubscribeAsync(string topic, string target);

    /// <summary>Those of queues, in the order of their names.</summary>
    Task<(string Outcome, FrontSubscription[] Subscriptions)> ListAsync(string topic);

    /// <summary>Asks an endpoint of HTTP, which is told in notifications what is published once it has agreed.</summary>
    Task<string> SubscribeEndpointAsync(string topic, string url);

    /// <summary>Agrees for the endpoint, by the token that it was sent.</summary>
    Task<string> ConfirmAsync(string topic, string url, string token);

    /// <summary>The endpoint has not agreed.</summary>
    Task<bool> IsPendingAsync(string topic, string url);

    /// <summary>What the topic keeps from a time on, up to another one or to what there is, is delivered again.</summary>
    Task<string> ReplayAsync(string topic, string queue, DateTimeOffset from, DateTimeOffset? to = null);

    /// <summary>How far the replay is that this front has asked for: "pending", "inProgress", "completed" or "failed"; null without one.</summary>
    Task<string?> ReplayStatusAsync(string topic, string queue);

    /// <summary>Ends a replay, or forgets one that is over.</summary>
    Task<string> EndReplayAsync(string topic, string queue);
}

/// <summary>A front that pauses subscriptions, which that of AWS does not.</summary>
internal interface IPausingFront : ISubscriptionFront
{
    /// <summary>Pauses a subscription that is there, or resumes it.</summary>
    Task<string> PauseAsync(string topic, string queue, bool isPaused);
}

/// <summary>What of a subscription's definition a scenario says.</summary>
internal sealed record SubscriptionTerms(bool IsRaw = true, FrontFilter? Filter = null, string? DeadLetter = null);

/// <summary>Which messages a subscription gets; the policy without white space.</summary>
internal sealed record FrontFilter(bool IsOfBody, string Policy);

/// <summary>A subscription as it is listed.</summary>
internal sealed record FrontSubscription(string Queue, SubscriptionTerms Terms);
