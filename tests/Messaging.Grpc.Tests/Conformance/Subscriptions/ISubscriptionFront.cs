using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>
/// What all fronts can do with topics that fan out to queues, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "topicNotFound". A subscription is known by its topic and its
/// queue, since not all fronts name it. One for each front; thread-safe.
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
    Task<string> UnsubscribeAsync(string topic, string queue);

    /// <summary>In the order of their names.</summary>
    Task<(string Outcome, FrontSubscription[] Subscriptions)> ListAsync(string topic);
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
