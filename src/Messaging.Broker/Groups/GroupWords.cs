using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Lists of partitions, and ids of members, in entries and snapshots. A list is its number, then each as the difference of its stream id from the one before,
/// zigzag.
/// </summary>
internal static class GroupWords
{
    public static void Write(ref BufferEntryWriter writer, scoped ReadOnlySpan<PartitionRef> partitions)
    {
        writer.Unsigned(partitions.Length);
        long previous = 0;
        foreach (PartitionRef partition in partitions)
        {
            writer.Signed(partition.StreamId - previous);
            previous = partition.StreamId;
        }
    }

    public static PartitionRef[] Read(ref EntryReader reader)
    {
        var partitions = new List<PartitionRef>();
        long previous = 0;
        for (long left = reader.Unsigned(); left > 0; left--) partitions.Add(new PartitionRef(previous += reader.Signed()));
        return [.. partitions];
    }

    /// <summary>Partitions with their owners, as places; nobody stands as 0.</summary>
    public static void WriteOwners(ref BufferEntryWriter writer, scoped ReadOnlySpan<PartitionRef> partitions, scoped ReadOnlySpan<int> owners)
    {
        Write(ref writer, partitions);
        foreach (int owner in owners) writer.Unsigned(owner + 1);
    }

    public static int[] ReadOwners(ref EntryReader reader, int count)
    {
        int[] owners = new int[count];
        for (int i = 0; i < count; i++) owners[i] = reader.Int32() - 1;
        return owners;
    }

    public static void WriteId(ref BufferEntryWriter writer, MemberId id)
    {
        Span<byte> bytes = stackalloc byte[MemberId.Bytes];
        id.Write(bytes);
        writer.Raw(bytes);
    }

    public static MemberId ReadId(ref EntryReader reader) => new(reader.Raw(MemberId.Bytes));
}
