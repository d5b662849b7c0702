namespace Messaging.Grpc.Tests.Conformance.Groups;

/// <summary>
/// What all fronts that have records can do with consumer groups, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "groupNotFound". One for each front; thread-safe.
/// </summary>
internal interface IGroupFront
{
    /// <summary>The outcome of each offset, or of the call; by a member, or by nobody in particular.</summary>
    Task<string[]> CommitAsync(string group, FrontMember? member, params GroupPlace[] places);

    /// <summary>Commits what a fetch has answered.</summary>
    Task<string> CommitTokenAsync(string group, string token);

    /// <summary>Gives back what a fetch has answered.</summary>
    Task<string> ReleaseAsync(string group, string token);

    /// <summary>What is committed, by topic and partition.</summary>
    Task<(string Outcome, GroupProgress[] Offsets)> GetOffsetsAsync(string group);

    /// <summary>Sets all of them or none.</summary>
    Task<string> PutOffsetsAsync(string group, params GroupPlace[] places);

    /// <summary>Forgets those of a topic.</summary>
    Task<string> DeleteOffsetsAsync(string group, string topic);

    /// <summary>To "earliest", to "latest" or to a time of RFC 3339; answers the offsets that were set.</summary>
    Task<(string Outcome, IReadOnlyList<long> Offsets)> ResetAsync(string group, string to);

    /// <summary>Records that the caller has to itself for half a minute, and the token that commits them, "" without any.</summary>
    Task<(string Outcome, string[] Bodies, string Token)> FetchAsync(string group, string topic, int max);

    /// <summary>What a new member is told, or one with a name of its own that comes back.</summary>
    Task<(string Outcome, FrontMember? Member)> JoinAsync(string group, string topic, string? instance = null);

    /// <summary>What the member is told, which has the partitions that it was told last and no others.</summary>
    Task<(string Outcome, FrontMember? Member)> HeartbeatAsync(string group, FrontMember member);

    Task<string> LeaveAsync(string group, FrontMember member);

    Task<(string Outcome, string Status, int Members)> DescribeAsync(string group);

    /// <summary>The names that begin so, in their order.</summary>
    Task<string[]> ListAsync(string prefix);

    Task<string> DeleteAsync(string group);
}

/// <summary>An offset of a group to set.</summary>
internal sealed record GroupPlace(string Topic, int Partition, long Offset, string Metadata = "");

/// <summary>How far a group is in a partition.</summary>
internal sealed record GroupProgress(string Topic, int Partition, long? Offset, string Metadata, long Lag);

/// <summary>A member of one topic's readers, with the numbers of the partitions that it may use.</summary>
internal sealed record FrontMember(string Id, string Topic, string? Instance, int Generation, IReadOnlyList<int> Assigned, bool IsSettled);
