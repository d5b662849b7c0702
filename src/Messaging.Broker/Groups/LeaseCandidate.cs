namespace Messaging.Broker.Groups;

/// <summary>A partition that a fetch would take records of, as its log is now. A value.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Low">The oldest record that is there; a committed offset below it goes on from here.</param>
/// <param name="Start">Where a group without an offset begins: the caller's policy, earliest or latest.</param>
/// <param name="End">Behind the last record that may be read.</param>
internal readonly record struct LeaseCandidate(PartitionRef Partition, long Low, long Start, long End);
