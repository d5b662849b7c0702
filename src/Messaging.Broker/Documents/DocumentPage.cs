namespace Messaging.Broker.Documents;

/// <summary>One page of a list of documents in ordinal order of names, and whether more follow.</summary>
public sealed record DocumentPage(IReadOnlyList<Document> Documents, bool HasMore);
