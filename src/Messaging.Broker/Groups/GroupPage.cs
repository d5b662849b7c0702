namespace Messaging.Broker.Groups;

/// <summary>A page of consumer groups, in ordinal order of names. Immutable.</summary>
public sealed record GroupPage(IReadOnlyList<GroupSummary> Groups, string? NextPageToken);
