using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Reads messages that someone looks at, outside of the sequencer, and joins them with what the state said of them.</summary>
internal sealed class BrowsedReader(QueueHost host)
{
    public static readonly BrokerError Exhausted = new(ErrorCode.Overloaded, "The server has no file descriptors or memory left to read the messages with.");

    /// <summary>
    /// After the sync. What is past its retention, due before <paramref name="oldest"/>, or gone since the look, is left out. <paramref name="read"/>: how many of them the answer speaks of, as
    /// many as fit into one; 0 when nothing can be read just now.
    /// </summary>
    public BrowsedMessages Read(LiveQueue queue, ReadOnlySpan<long> offsets, ReadOnlySpan<MessageStatus> statuses, long oldest, out int read)
    {
        RecordSet records = host.Engine.Read(queue.Stream, offsets, BrokerLimits.CallBytesMax);
        read = 0;
        while (read < records.Count && records[read].State != StoredRecordState.Unreadable) read++;
        var ids = new MessageId[read];
        host.Keys.Identify(queue.Stream.Id, offsets[..read], ids);
        var messages = new List<BrowsedMessage>(read);
        List<MessageId>? damaged = null;
        for (int i = 0; i < read; i++)
        {
            StoredRecord record = records[i];
            if (record.State == StoredRecordState.Missing) continue;
            RecordDecoder.Decoded decoded = default;
            if (record.State == StoredRecordState.Damaged || !RecordDecoder.TryRead(record.Body, out decoded)) (damaged ??= []).Add(ids[i]);
            else if (statuses[i].State == MessageState.Leased || Math.Max(decoded.SentAtMs(record.TimestampMs), decoded.NotBeforeMs) >= oldest)
            {
                if (decoded.IsShownOtherwise && host.View!(queue.Key, decoded, record.TimestampMs, out ReadOnlyMemory<byte> shown)) decoded.Show(shown);
                messages.Add(Join(decoded.Id ?? ids[i], statuses[i], record, decoded) with
                {
                    Sequence = queue.State.IsOrdered ? offsets[i] : null, PublishedId = decoded.PublishedAt is { } place ? host.Keys.Identify(place) : null,
                });
            }
        }

        return new BrowsedMessages(queue.Key, messages, damaged ?? [], records);
    }

    private static BrowsedMessage Join(MessageId id, in MessageStatus status, in StoredRecord record, in RecordDecoder.Decoded decoded) => new()
    {
        Id = id,
        State = status.State,
        Body = decoded.Body,
        ContentType = decoded.ContentType,
        Attributes = decoded.Attributes,
        TraceParent = decoded.TraceParent,
        Sender = decoded.Sender,
        DeduplicationId = decoded.DeduplicationId,
        Group = decoded.Group,
        Priority = decoded.Priority,
        SentAtMs = decoded.SentAtMs(record.TimestampMs),
        IsReplayed = decoded.IsReplayed,
        Origin = decoded.Origin,
        ExpiresAtMs = decoded.ExpiresMs,
        AvailableAtMs = status.State != MessageState.Delayed ? 0 : status.UntilMs > 0 ? status.UntilMs : decoded.NotBeforeMs,
        LeasedUntilMs = status.State == MessageState.Leased ? status.UntilMs : 0,
        FirstReceivedAtMs = status.FirstReceivedMs,
        ReceiveCount = status.ReceiveCount,
    };
}
