namespace Messaging.Broker.Topics;

/// <summary>One page of a list of topics in ordinal order of names; the token of the next page, or null at the end.</summary>
public sealed record TopicPage(IReadOnlyList<TopicDescription> Topics, string? NextPageToken);
