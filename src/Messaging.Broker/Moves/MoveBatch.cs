using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>
/// Messages of one queue that go to others in one command: encoded outside of the sequencer as the next queue will hold them, appended there and released here
/// inside of it, in one frame. So a message is never in two queues and never in none. Its memory is borrowed by the journal until the commit has completed:
/// dispose it then. Used by one caller at a time.
/// </summary>
internal sealed class MoveBatch(LiveQueue source) : IDisposable
{
    private static readonly int EntriesBytesMax =
        Command.StateBytes(QueueEntryWriter.MovedBytesMax(0)) + (3 * Command.StateBytes(QueueEntryWriter.BytesMax(0)));

    private static readonly int MessageBytesMax =
        QueueEntryWriter.MovedBytesMax(1) + (3 * QueueEntryWriter.BytesMax(1)) + QueueEntryWriter.LanedElementBytesMax + (4 * Command.StateBytes(0));

    private readonly Message[] _messages = new Message[QueueLimits.MoveMessagesMax];

    /// <summary>One message: where it is, what it will be, and whether it goes.</summary>
    internal struct Message
    {
        public long Offset;
        public int ReceiveCount;

        /// <summary>The caller's own number for it.</summary>
        public int Tag;

        /// <summary>Null: it goes nowhere.</summary>
        public LiveQueue? Target;

        public MessageId? Id;

        /// <summary>Of its group and priority, which go with it.</summary>
        public LaneKey Lane;
        public byte[] Body;
        public int Length;

        /// <summary>Decided inside the command.</summary>
        public bool Goes;
    }

    public LiveQueue Source => source;

    public int Count { get; private set; }

    /// <summary>The most that the command may append for the messages, each to a queue of its own.</summary>
    public int CommandBytes { get; private set; } = EntriesBytesMax;

    public ref Message this[int index] => ref _messages[index];

    /// <summary>Whether the command would still fit with one more message.</summary>
    public bool HasRoomFor(int measuredBytes, int commandBytesMax) =>
        Count < _messages.Length && CommandBytes + MessageBytesMax + (long)Command.RecordBytes(measuredBytes) <= commandBytesMax;

    /// <summary>False for bytes that are no record of ours.</summary>
    public bool TryAdd(in StoredRecord record, in MovedRecord moved, LaneKey lane, int receiveCount, LiveQueue target, int tag = 0)
    {
        int measured = moved.Measure(record.Body.Length);
        byte[] body = ArrayPool<byte>.Shared.Rent(measured);
        if (!moved.TryWrite(body, record.Body.Span, out int written))
        {
            ArrayPool<byte>.Shared.Return(body);
            return false;
        }

        _messages[Count++] = new Message
        {
            Offset = record.Offset, ReceiveCount = receiveCount, Tag = tag, Target = target, Id = moved.Id, Lane = lane, Body = body, Length = written,
        };
        CommandBytes += MessageBytesMax + Command.RecordBytes(measured);
        return true;
    }

    /// <summary>Inside a command: moves those that go. Their targets are there. Returns how many went.</summary>
    public int Apply(in Command command, QueueHost host, long now)
    {
        var away = new QueueEntryWriter(stackalloc byte[QueueEntryWriter.BytesMax(QueueLimits.MoveMessagesMax)], QueueEntryKind.MovedAway, now);
        int moved = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!_messages[i].Goes) continue;
            if (IsFirstOfItsTarget(i)) AppendTo(command, host, i, now);
            source.State.ApplyGone(_messages[i].Offset);
            away.Offset(_messages[i].Offset);
            moved++;
        }

        if (moved == 0) return 0;
        command.AppendState(source.Stream, away.Written);
        host.Wakes.Wake(source, now);
        return moved;
    }

    /// <summary>After the commit has completed; where it threw, the process is about to end and the memory is left to the collector.</summary>
    public void Dispose()
    {
        for (int i = 0; i < Count; i++) ArrayPool<byte>.Shared.Return(_messages[i].Body);
        Count = 0;
    }

    private bool IsFirstOfItsTarget(int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (_messages[i].Goes && _messages[i].Target == _messages[index].Target) return false;
        }

        return true;
    }

    // All that go to the target of the first: as sends without a delay.
    private void AppendTo(in Command command, QueueHost host, int first, long now)
    {
        LiveQueue target = _messages[first].Target!;
        QueueState state = target.State;
        state.Advance(now);
        var here = new QueueEntryWriter(stackalloc byte[QueueEntryWriter.MovedBytesMax(QueueLimits.MoveMessagesMax)], QueueEntryKind.MovedHere, now);
        var arrivals = new Arrivals(host, target, now);
        for (int i = first; i < Count; i++)
        {
            ref Message message = ref _messages[i];
            if (!message.Goes || message.Target != target) continue;
            long offset = command.AppendRecord(target.Stream, now, message.Body.AsMemory(0, message.Length));
            if (message.Id is { } id)
            {
                state.ApplyMovedHere(offset, id);
                here.Offset(offset, id);
            }

            LaneKey lane = message.Lane with { Priority = Math.Min(message.Lane.Priority, target.Definition!.Priorities - 1) };
            arrivals.Add(command, offset, new Arrival(now, 0, false, 0, lane));
        }

        if (here.HasElements) command.AppendState(target.Stream, here.Written);
        arrivals.End(command);
    }
}
