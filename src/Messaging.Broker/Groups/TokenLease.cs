namespace Messaging.Broker.Groups;

/// <summary>One lease of a commit token: where the next fetch of the partition goes on once it is committed. A value.</summary>
internal readonly record struct TokenLease(PartitionRef Partition, long Next, long Nonce);
