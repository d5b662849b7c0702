using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Reads what a receive has taken and makes its answer. Hot path.</summary>
internal sealed class TakenReader(QueueHost host)
{
    /// <summary>
    /// After the sync. Moves the offsets of the <paramref name="dead"/> ones to the front of the take. Reads as many as one answer may carry: the sizes
    /// are known only here.
    /// </summary>
    public ReceivedMessages Read(LiveQueue queue, Take take, out int dead, out int read)
    {
        RecordSet records = host.Engine.Read(queue.Stream, take.Offsets.AsSpan(0, take.Count), BrokerLimits.CallBytesMax);
        // What could not be read just now goes back, with all behind it.
        read = 0;
        while (read < records.Count && records[read].State != StoredRecordState.Unreadable) read++;
        var messages = ArrayPool<ReceivedMessage>.Shared.Rent(read);
        MessageId[] ids = ArrayPool<MessageId>.Shared.Rent(read);
        Receipt[] receipts = ArrayPool<Receipt>.Shared.Rent(read);
        for (int i = 0; i < read; i++) receipts[i] = new Receipt(queue.Stream.Id, take.Offsets[i], take.Deliveries[i].ReceiveCount, 0);
        host.Keys.Identify(queue.Stream.Id, take.Offsets.AsSpan(0, read), ids);
        host.Keys.Sign(receipts.AsSpan(0, read));

        long oldest = queue.OldestMs(host.Clock.NowMs());
        List<DamagedMessage>? damaged = null;
        int count = 0;
        dead = 0;
        for (int i = 0; i < read; i++)
        {
            StoredRecord record = records[i];
            if (record.State == StoredRecordState.Missing) continue;
            RecordDecoder.Decoded message = default;
            if (record.State == StoredRecordState.Damaged || !RecordDecoder.TryRead(record.Body, out message))
            {
                (damaged ??= []).Add(new DamagedMessage(ids[i], receipts[i]));
                continue;
            }

            if (Math.Max(message.SentAtMs(record.TimestampMs), message.NotBeforeMs) < oldest)
            {
                (take.Offsets[dead], take.Deliveries[dead]) = (take.Offsets[i], take.Deliveries[i]);
                dead++;
                continue;
            }

            if (message.IsShownOtherwise && host.View!(queue.Key, message, record.TimestampMs, out ReadOnlyMemory<byte> shown)) message.Show(shown);
            messages[count++] = new ReceivedMessage
            {
                Id = message.Id ?? ids[i],
                Origin = message.Origin,
                PublishedId = message.PublishedAt is { } place ? host.Keys.Identify(place) : null,
                IsReplayed = message.IsReplayed,
                Receipt = receipts[i],
                Body = message.Body,
                ContentType = message.ContentType,
                Attributes = message.Attributes,
                TraceParent = message.TraceParent,
                TraceHeader = message.TraceHeader,
                Sender = message.Sender,
                Group = message.Group,
                Priority = message.Priority,
                Sequence = queue.State.IsOrdered ? take.Offsets[i] : null,
                DeduplicationId = message.DeduplicationId,
                SentAtMs = message.SentAtMs(record.TimestampMs),
                ExpiresAtMs = message.ExpiresMs,
                FirstReceivedAtMs = take.Deliveries[i].FirstReceivedMs,
                LeasedUntilMs = take.Deadline,
                ReceiveCount = take.Deliveries[i].CountedReceives,
            };
        }

        ArrayPool<MessageId>.Shared.Return(ids);
        ArrayPool<Receipt>.Shared.Return(receipts);
        return new ReceivedMessages(messages, count, records, damaged) { ReceivedAtMs = take.Deadline - take.LeaseMs, IsRepeatable = take.Attempt is not null };
    }
}
