namespace Messaging.Broker.Groups;

/// <summary>
/// A partition as groups know it: by the id of its log's stream, which is never used again, so that a topic that was deleted and made anew has other partitions.
/// Names are the caller's to resolve. A value.
/// </summary>
internal readonly record struct PartitionRef(long StreamId) : IComparable<PartitionRef>
{
    public int CompareTo(PartitionRef other) => StreamId.CompareTo(other.StreamId);
}
