using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using OperationStatus = Messaging.Broker.Operations.OperationStatus;

namespace Messaging.Broker.Tests.Operations;

public sealed class OperationTableTests
{
    private readonly OperationTable _table = new();

    [Fact]
    public void The_latest_that_have_ended_are_remembered_and_all_that_go_on()
    {
        for (int number = 1; number <= BrokerLimits.OperationsKeptMax + 3; number++)
        {
            _table.ApplyStarted(Sample(number));
            if (number != 2) _table.ApplyEnded(number, OperationStatus.Completed, 1_000, null);
        }

        Assert.Equal(BrokerLimits.OperationsKeptMax + 1, _table.Newest(1_000).Count());
        Assert.False(_table.TryGet(1, out _));
        Assert.True(_table.TryGet(2, out _));
        Assert.False(_table.TryGet(3, out _));
        Assert.True(_table.TryGet(4, out _));
        Assert.Equal([2], _table.Active());
    }

    [Fact]
    public void What_ended_too_long_ago_is_neither_shown_nor_kept()
    {
        _table.ApplyStarted(Sample(1));
        _table.ApplyEnded(1, OperationStatus.Failed, 1_000, "why");
        Assert.Single(_table.Newest(1_000 + BrokerLimits.OperationKeptMs - 1));
        Assert.Empty(_table.Newest(1_000 + BrokerLimits.OperationKeptMs));
        _table.ApplyStarted(Sample(2));
        _table.ApplyEnded(2, OperationStatus.Completed, 1_000 + BrokerLimits.OperationKeptMs, null);
        Assert.False(_table.TryGet(1, out _));
    }

    [Fact]
    public void A_snapshot_holds_all_of_it()
    {
        _table.ApplyStarted(Sample(7));
        _table.ApplyProgress(7, new OperationProgress(40, 3, 2, 1, "first"));
        _table.ApplyProgress(7, new OperationProgress(50, 1, 1, 1, "second"));
        _table.ApplyCancelling(7);
        _table.ApplyStarted(Sample(9));
        _table.ApplyEnded(9, OperationStatus.Failed, 77, "why");
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        _table.Write(ref writer);
        writer.Flush();
        var restored = new OperationTable();
        var reader = new EntryReader(buffer.WrittenSpan);
        restored.Restore(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal((9, 1), (restored.LastNumber, restored.ActiveCount));
        foreach (LongOperation expected in _table.Newest(100))
        {
            Assert.True(restored.TryGet(expected.Number, out LongOperation? operation));
            RedriveFilter filter = operation.Request.Filter!;
            Assert.Equal(["a", "b"], filter.Attributes["n"]);
            Assert.Equal(expected.Request.Filter! with { Attributes = filter.Attributes }, filter);
            Assert.Equal(expected with { Request = operation.Request }, operation);
            Assert.Equal((expected.Request.Destination, expected.Request.MessagesPerSecond), (operation.Request.Destination, operation.Request.MessagesPerSecond));
        }

        Assert.True(restored.TryGet(7, out LongOperation? going));
        Assert.Equal((OperationStatus.Cancelling, 50, 4, 3, 2, "first"), (going.Status, going.Cursor, going.Moved, going.Failed, going.Skipped, going.FailureReason));
    }

    private static LongOperation Sample(long number) => new()
    {
        Number = number,
        Id = new OperationId([(byte)number, .. new byte[15]]),
        StreamId = 100 + number,
        Queue = BrokerHarness.Key("q/ü", "blue"),
        Request = new RedriveRequest
        {
            Destination = BrokerHarness.Key("d").Name,
            MessagesPerSecond = 5,
            Filter = new RedriveFilter
            {
                Reason = MoveReason.Rejected,
                Origin = BrokerHarness.Key("o").Name,
                SentAfterMs = 0,
                SentBeforeMs = 12,
                Attributes = new Dictionary<string, IReadOnlyList<string>> { ["n"] = ["a", "b"] },
            },
        },
        EndOffset = 1_000,
        ApproximateTotal = 999,
        StartedMs = 5,
    };
}
