namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>
/// What all fronts can do with queues, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "queueNotFound". One for each front; thread-safe.
/// </summary>
internal interface IQueueFront
{
    Task<string> CreateQueueAsync(string name, QueueTerms terms);

    Task<string> DeleteQueueAsync(string name);

    Task<string> PurgeQueueAsync(string name);

    /// <summary>The names that begin so, in their order.</summary>
    Task<string[]> ListQueuesAsync(string prefix);

    /// <summary>One outcome a message; or one for the call.</summary>
    Task<string[]> SendAsync(string queue, params FrontSend[] messages);

    /// <summary>Up to ten messages, leased for so many seconds; or the outcome of the call.</summary>
    Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30);

    Task<string[]> AcknowledgeAsync(string queue, params string[] receipts);

    /// <summary>The lease ends so many seconds from now.</summary>
    Task<string> ExtendAsync(string queue, string receipt, int seconds);
}

/// <summary>What of a queue's definition a scenario says.</summary>
internal sealed record QueueTerms
{
    public bool IsFifo { get; init; }

    public int? DelaySeconds { get; init; }

    public int? MaxMessageBytes { get; init; }

    public (string Queue, int MaxReceives)? DeadLetter { get; init; }

    public bool IsDeduplicatedByContent { get; init; }
}

/// <summary>A message to send, or to publish where it has no delay: perhaps with an attribute "n", a number, and another one "kind", a text.</summary>
internal sealed record FrontSend(string Body, string? Group = null, string? DeduplicationId = null, int? DelaySeconds = null, string? Number = null, string? Kind = null);

/// <summary>A message as it was received: what all fronts tell of it.</summary>
internal sealed record FrontDelivery(string Id, string Body, string? Group, int ReceiveCount, string? Number, string? Kind, string Receipt)
{
    /// <summary>What is the same whoever receives it.</summary>
    public (string Body, string? Group, int ReceiveCount, string? Number) Told => (Body, Group, ReceiveCount, Number);

    /// <summary>As it was sent.</summary>
    public FrontSend Sent => new(Body, Group, Number: Number, Kind: Kind);
}
