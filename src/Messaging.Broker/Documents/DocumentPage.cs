namespace Messaging.Broker.Documents;

/// <summary>One page of a list of documents in ordinal order of names, and the token of the next one; null where none follows.</summary>
public sealed record DocumentPage(IReadOnlyList<Document> Documents, string? NextPageToken);
