using System.Buffers;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Broker.Topics.Compaction;

namespace Messaging.Broker.Tests.Topics.Compaction;

public sealed class CompactionStateTests
{
    [Fact]
    public void Tombstones_below_an_offset_are_as_old_as_the_pass_that_met_them()
    {
        var state = new CompactionState(low: 3);
        state.ApplyCompactedTo(new CompactionProgress(10, 1_000, 0));
        state.ApplyCompactedTo(new CompactionProgress(20, 0, 0));
        state.ApplyCompactedTo(new CompactionProgress(30, 2_000, 0));

        Assert.Equal((3, 30, 0), (state.Low, state.Cleaned, state.Cleared));
        Assert.Equal([0, 10, 10, 30], new long[] { 999, 1_000, 1_999, 2_000 }.Select(state.ClearedBy));

        state.ApplyCompactedTo(new CompactionProgress(30, 0, 10));
        Assert.Equal([10, 10, 30], new long[] { 0, 1_999, 2_000 }.Select(state.ClearedBy));
    }

    [Fact]
    public void The_same_entry_again_changes_nothing()
    {
        var state = new CompactionState(low: 0);
        state.ApplyCompactedTo(new CompactionProgress(10, 1_000, 0));
        byte[] before = Snapshot(state);

        state.ApplyCompactedTo(new CompactionProgress(10, 1_000, 0));
        state.ApplyLow(0);

        Assert.Equal(before, Snapshot(state));
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_no_tombstone_goes_earlier_for_it()
    {
        var state = new CompactionState(low: 0);
        int passes = 3 * TopicLimits.TombstoneMarksMax;
        for (int pass = 1; pass <= passes; pass++) state.ApplyCompactedTo(new CompactionProgress(pass * 10, pass * 1_000, 0));

        Assert.InRange(Snapshot(state).Length, 1, 20 + (TopicLimits.TombstoneMarksMax * 2 * EntryWriter.VarintBytesMax));
        for (int pass = 1; pass <= passes; pass++) Assert.InRange(state.ClearedBy(pass * 1_000), 0, pass * 10);
        Assert.Equal(passes * 10, state.ClearedBy(passes * 1_000));
    }

    [Fact]
    public void A_snapshot_has_all_of_it()
    {
        var state = new CompactionState(low: 7);
        for (int pass = 1; pass <= 5; pass++) state.ApplyCompactedTo(new CompactionProgress(pass * 10, pass * 1_000, pass == 3 ? 10 : 0));
        byte[] snapshot = Snapshot(state);

        var restored = new CompactionState(low: 0);
        var reader = new EntryReader(snapshot);
        restored.Restore(ref reader);

        Assert.True(reader.AtEnd);
        Assert.Equal(snapshot, Snapshot(restored));
        Assert.Equal((7, 50, 10), (restored.Low, restored.Cleaned, restored.Cleared));
    }

    private static byte[] Snapshot(CompactionState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        state.Write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
