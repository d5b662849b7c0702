namespace Messaging.Broker.Groups;

/// <summary>What a member of a consumer group is told when it joins, and with every heartbeat. Immutable.</summary>
/// <param name="Id">Who it is from here on.</param>
/// <param name="Generation">What it has reached; it shows this number with heartbeats and commits.</param>
/// <param name="Assigned">Partitions that it may use.</param>
/// <param name="Revoked">Partitions that it has to give up, and to leave out of those that it shows with a later heartbeat; only then does it get others.</param>
/// <param name="IsSettled">It has all that it is to have.</param>
/// <param name="SessionSeconds">It is a member no more when it is silent for so long.</param>
public sealed record Membership(
    MemberId Id, int Generation, IReadOnlyList<TopicPartition> Assigned, IReadOnlyList<TopicPartition> Revoked, bool IsSettled, int SessionSeconds);
