using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>A member of a consumer group as it is. Immutable.</summary>
/// <param name="Id">What the broker calls it.</param>
/// <param name="InstanceId">Its own name; null where it is no static member.</param>
/// <param name="ClientId">What the client calls itself.</param>
/// <param name="ClientHost">Where it calls from.</param>
/// <param name="Topics">What it wants.</param>
/// <param name="Generation">What it has reached.</param>
/// <param name="Assigned">Partitions that it may use.</param>
/// <param name="Revoked">Partitions that it has, and is to give up.</param>
/// <param name="SessionEndsAt">It is a member no more then, unless it is heard of.</param>
public sealed record MemberDescription(
    MemberId Id,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    IReadOnlyList<TopicName> Topics,
    int Generation,
    IReadOnlyList<TopicPartition> Assigned,
    IReadOnlyList<TopicPartition> Revoked,
    DateTimeOffset SessionEndsAt);
