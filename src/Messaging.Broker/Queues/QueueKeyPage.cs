using Messaging.Broker.Names;

namespace Messaging.Broker.Queues;

/// <summary>One page of a list of queues by their names, in ordinal order; the token of the next page, or null at the end.</summary>
public sealed record QueueKeyPage(IReadOnlyList<QueueKey> Queues, string? NextPageToken);
