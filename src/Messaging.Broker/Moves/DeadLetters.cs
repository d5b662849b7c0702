using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>Stored messages as a dead-letter queue will hold them. Outside of the sequencer.</summary>
internal static class DeadLetters
{
    /// <summary>
    /// The id stays, and in a standard queue the sent time, with retention that counts from it (as Amazon SQS does; a FIFO queue counts from the move).
    /// False where the record is no message of ours.
    /// </summary>
    public static bool TryMake(QueueHost host, LiveQueue source, in StoredRecord record, int receiveCount, MoveReason reason, string? detail, out MovedRecord moved, out LaneKey lane)
    {
        (moved, lane) = (default, default);
        if (!RecordDecoder.TryRead(record.Body, out RecordDecoder.Decoded message)) return false;
        Span<MessageId> own = stackalloc MessageId[1];
        host.Keys.Identify(source.Stream.Id, [record.Offset], own);
        MessageId id = message.Id ?? own[0];
        long sent = message.SentAtMs(record.TimestampMs);
        var origin = new MessageOrigin(id, source.Key, reason, detail, receiveCount, sent);
        bool keepsTime = source.Definition!.Type == QueueType.Standard;
        moved = new MovedRecord(id, keepsTime ? sent : 0, StoredOrigin.Encode(origin), IsDeduplicatedById: !keepsTime);
        lane = LaneOf(message);
        return true;
    }

    /// <summary>Where in its queue the message belongs, by its group and its priority.</summary>
    public static LaneKey LaneOf(in RecordDecoder.Decoded message) => new(LaneKey.HashOf(message.Group), message.Priority);
}
