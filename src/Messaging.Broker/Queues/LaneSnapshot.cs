namespace Messaging.Broker.Queues;

/// <summary>The lanes' section of a queue's snapshot; see <see cref="QueueSnapshot"/> for the bytes. Guarded by the sequencer, or by recovery.</summary>
internal static class LaneSnapshot
{
    public static void Write(LaneTable table, ref BufferEntryWriter writer)
    {
        var numbers = new int[table.Directory.NumbersEnd];
        writer.Unsigned(table.Lanes);
        int next = 0;
        foreach (Lane lane in table.Directory.All)
        {
            numbers[lane.Number] = next++;
            writer.Lane(lane.Key);
        }

        writer.Unsigned(table.Count);
        LaneNodes nodes = table.Nodes;
        long previous = 0;
        foreach (int handle in nodes.InOrder())
        {
            long offset = nodes.OffsetOf(handle);
            writer.Unsigned(offset - previous);
            writer.Unsigned(((long)numbers[nodes[handle].Lane] << 1) | (nodes[handle].Status is LaneStatus.Pending or LaneStatus.Late ? 1L : 0L));
            previous = offset;
        }
    }

    /// <summary>Before the state's own section, which says who is delivered or due; the next <see cref="LaneTable.Pass"/> chains the rest.</summary>
    public static void Restore(LaneTable table, ref EntryReader reader)
    {
        var keys = new LaneKey[reader.Int32()];
        for (int i = 0; i < keys.Length; i++) keys[i] = reader.Lane();
        long offset = 0;
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            offset += reader.Unsigned();
            long tag = reader.Unsigned();
            table.Add(offset, keys[tag >> 1], isPending: (tag & 1) != 0, horizon: 0);
        }
    }
}
