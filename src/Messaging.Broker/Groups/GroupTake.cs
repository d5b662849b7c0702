using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>What a group fetch has leased, or what it may wait for. Immutable.</summary>
/// <param name="GroupStreamId">The group's; 0 for one that is not there.</param>
/// <param name="Leases">In the order in which they are read; none where all is read, or with others.</param>
/// <param name="Partitions">Of the leases, in their order.</param>
/// <param name="Offsets">Of these partitions, as they were.</param>
/// <param name="LeaseEndsInMs">When the next lease ends that others have; <see cref="long.MaxValue"/> for none.</param>
internal sealed record GroupTake(long GroupStreamId, Lease[] Leases, LivePartition[] Partitions, PartitionOffsets[] Offsets, long LeaseEndsInMs);
