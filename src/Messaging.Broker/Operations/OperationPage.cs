namespace Messaging.Broker.Operations;

/// <summary>One page of a list of operations, the newest first; the token of the next page, or null at the end.</summary>
public sealed record OperationPage(IReadOnlyList<LongOperation> Operations, string? NextPageToken);
