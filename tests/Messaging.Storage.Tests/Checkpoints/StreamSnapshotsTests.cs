using Messaging.Storage.Checkpoints;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Checkpoints;

/// <summary>What the sequencer is held up for.</summary>
public sealed class StreamSnapshotsTests
{
    [Fact]
    public void A_snapshot_that_was_expected_takes_its_memory_before_it_begins()
    {
        var machine = new RecordedStateMachine();
        LogStream[] streams = [.. Enumerable.Range(1, 10_000).Select(id => new LogStream(id) { Next = 10 })];
        foreach (LogStream stream in streams)
        {
            stream.Release(5);
        }

        var first = new StreamSnapshots();
        long whenUnexpected = TakeAll(first, streams, machine);
        var second = new StreamSnapshots(first.Bytes.Length, first.Streams.Count);
        long whenExpected = TakeAll(second, streams, machine);

        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
        Assert.InRange(whenUnexpected - whenExpected, first.Bytes.Length, long.MaxValue);
    }

    // Bytes allocated meanwhile.
    private static long TakeAll(StreamSnapshots snapshots, LogStream[] streams, RecordedStateMachine machine)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (LogStream stream in streams)
        {
            snapshots.Take(stream, machine);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
