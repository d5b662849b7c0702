namespace Messaging.Broker.Groups;

/// <summary>A member says that it is there. Immutable.</summary>
/// <param name="Member">Who it is.</param>
/// <param name="Generation">What it was told last.</param>
/// <param name="Owned">Partitions that it has now; null: as it was told last, nothing was given up.</param>
/// <param name="InstanceId">Its own name, where it is a static member.</param>
public sealed record HeartbeatRequest(MemberId Member, int Generation, IReadOnlyList<TopicPartition>? Owned = null, string? InstanceId = null);
