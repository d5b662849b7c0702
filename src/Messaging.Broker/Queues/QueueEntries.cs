using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>The fold: applies journal entries to a queue's state, by the methods that the operations applied them with. <see cref="QueueEntryKind"/> has the byte table.</summary>
internal static class QueueEntries
{
    public static void Apply(QueueState state, ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(entry);
        var kind = (QueueEntryKind)reader.Byte();
        if (kind == QueueEntryKind.Opened) return;
        long now = reader.Unsigned();
        state.Advance(now);
        switch (kind)
        {
            case QueueEntryKind.Received:
                Received(state, ref reader, now, hasRetry: false);
                break;
            case QueueEntryKind.ReceivedToRetry:
                Received(state, ref reader, now, hasRetry: true);
                break;
            case QueueEntryKind.Laned:
                Laned(state, ref reader);
                break;
            case QueueEntryKind.Acknowledged or QueueEntryKind.Expired or QueueEntryKind.Cancelled or QueueEntryKind.MovedAway:
                for (long offset = 0; !reader.AtEnd;) state.ApplyGone(offset += reader.Signed());
                break;
            case QueueEntryKind.Extended:
                for (long offset = 0; !reader.AtEnd;) state.ApplyExtended(offset += reader.Signed(), now + reader.Unsigned());
                break;
            case QueueEntryKind.Released:
                for (long offset = 0; !reader.AtEnd;) state.ApplyReleased(offset += reader.Signed(), now + reader.Unsigned());
                break;
            case QueueEntryKind.Unhandled:
                for (long offset = 0; !reader.AtEnd;) state.ApplyUnhandled(offset += reader.Signed(), now + reader.Unsigned());
                break;
            case QueueEntryKind.Delayed:
                for (long offset = 0; !reader.AtEnd;) state.ApplyDelayed(offset += reader.Signed(), now + reader.Unsigned());
                break;
            case QueueEntryKind.DelayedFrom:
                long first = reader.Unsigned();
                long delay = reader.Unsigned();
                state.Backlog.AddMark(first, now + delay, delay);
                break;
            case QueueEntryKind.Trimmed:
                state.ApplyTrimmed(now, reader.Unsigned(), reader.Signed());
                break;
            case QueueEntryKind.Untaken:
                for (long offset = 0; !reader.AtEnd;) state.ApplyUntaken(offset += reader.Signed());
                break;
            case QueueEntryKind.MovedHere:
                for (long offset = 0; !reader.AtEnd;) state.ApplyMovedHere(offset += reader.Signed(), new MessageId(reader.Raw(MessageId.Bytes)));
                break;
            case QueueEntryKind.Expiring:
                for (long offset = 0; !reader.AtEnd;) state.ApplyExpiring(offset += reader.Signed(), now + reader.Unsigned());
                break;
            case QueueEntryKind.Purged:
                state.ApplyPurged(reader.Unsigned());
                break;
            case QueueEntryKind.Answered:
                WindowEntries.Answered(state.OpenWindows(), ref reader, now);
                break;
            case QueueEntryKind.Deduplicated:
                WindowEntries.Deduplicated(state.OpenWindows(), ref reader, now);
                break;
            case QueueEntryKind.Attempted:
                WindowEntries.Attempted(state.OpenWindows(), ref reader, now);
                break;
            case QueueEntryKind.Opened:
            default:
                throw EntryReader.Malformed();
        }
    }

    private static void Received(QueueState state, ref EntryReader reader, long now, bool hasRetry)
    {
        long deadline = now + reader.Unsigned();
        RetryDefinition? retry = hasRetry ? reader.Retry() : null;
        for (long offset = 0; !reader.AtEnd;) state.ApplyReceived(offset += reader.Signed(), now, deadline, retry);
    }

    private static void Laned(QueueState state, ref EntryReader reader)
    {
        LaneKey lane = default;
        for (long offset = 0; !reader.AtEnd;)
        {
            offset += reader.Signed();
            long tag = reader.Unsigned();
            if ((tag & 2) != 0) lane = reader.Lane();
            state.ApplyLaned(offset, lane, isPending: (tag & 1) != 0);
        }
    }
}
