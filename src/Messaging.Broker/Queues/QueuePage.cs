namespace Messaging.Broker.Queues;

/// <summary>One page of a list of queues in ordinal order of names; the token of the next page, or null at the end.</summary>
public sealed record QueuePage(IReadOnlyList<QueueDescription> Queues, string? NextPageToken);
