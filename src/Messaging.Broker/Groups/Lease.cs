namespace Messaging.Broker.Groups;

/// <summary>
/// Records of a partition that one fetch has to itself for a while: offsets from <paramref name="From"/> to below <paramref name="To"/>. The nonce rises with
/// every lease of the group. A value.
/// </summary>
internal readonly record struct Lease(PartitionRef Partition, long From, long To, long UntilMs, long Nonce);
