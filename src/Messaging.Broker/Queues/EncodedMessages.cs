using System.Buffers;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// The messages of one send as they are going to be stored, and what became of each. Encoded outside of the sequencer into one rented buffer, which the journal borrows until the commit has completed: dispose it
/// then. When the commit throws, the process is about to end and the buffer is left to the collector. A value, so that a send makes no garbage of it; used by one call. Hot path.
/// </summary>
internal readonly struct EncodedMessages : IDisposable
{
    private readonly byte[] _buffer;
    private readonly Encoded[] _messages;

    private EncodedMessages(int bytes, SendOutcome[] outcomes, long windowMs)
    {
        (Outcomes, WindowMs) = (outcomes, windowMs);
        _buffer = ArrayPool<byte>.Shared.Rent(bytes);
        _messages = ArrayPool<Encoded>.Shared.Rent(outcomes.Length);
        Offsets = ArrayPool<long>.Shared.Rent(outcomes.Length);
    }

    /// <summary>One accepted message within the buffer. <see cref="Length"/> 0: refused.</summary>
    internal struct Encoded
    {
        public int Start;
        public int Length;
        public Arrival Arrival;
        public bool HasId;
        public Hash128 Id;
    }

    /// <summary>Of the call's messages, in their order.</summary>
    public ReadOnlySpan<Encoded> Messages => _messages.AsSpan(0, Outcomes.Length);

    /// <summary>Where each stands once it was stored; rented, and as long as <see cref="Outcomes"/> at least.</summary>
    public long[] Offsets { get; }

    /// <summary>The call's; one a message.</summary>
    public SendOutcome[] Outcomes { get; }

    /// <summary>How long ids are remembered; 0 where there are none.</summary>
    public long WindowMs { get; }

    /// <summary>With all that are not refused; <paramref name="bytes"/> holds their bodies.</summary>
    public static EncodedMessages Encode(ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, int bytes, long now, SendOutcome[] outcomes)
    {
        var encoded = new EncodedMessages(bytes, outcomes, (definition.Deduplication?.WindowSeconds ?? 0) * 1_000L);
        encoded.EncodeBodies(messages, definition, now);
        return encoded;
    }

    /// <summary>It has a group or a priority.</summary>
    public static bool IsLaned(in OutgoingMessage message) => message.Group is not null || message.Priority > 0;

    /// <summary>Inside a command: stores the message and returns its offset.</summary>
    public long Append(in Command command, LogStream stream, in Encoded message, long now) =>
        command.AppendRecord(stream, now, _buffer.AsMemory(message.Start, message.Length));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<Encoded>.Shared.Return(_messages);
        ArrayPool<long>.Shared.Return(Offsets);
    }

    private void EncodeBodies(ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, long dueFrom)
    {
        int start = 0;
        DeduplicationDefinition? deduplication = definition.Deduplication;
        Span<byte> idBuffer = stackalloc byte[MessageLimits.DeduplicationIdBytesMax];
        Span<byte> group = stackalloc byte[BrokerLimits.NameBytesMax];
        for (int i = 0; i < messages.Length; i++)
        {
            _messages[i] = default;
            if (Outcomes[i].Error is not null) continue;
            ref readonly OutgoingMessage message = ref messages[i];
            bool hasQueueDelay = message.HasQueueDelay;
            long delayMs = hasQueueDelay ? definition.DelaySeconds * 1_000L : message.DelayFrom(dueFrom);
            long expiresMs = message.ExpiresInMilliseconds > 0 ? dueFrom + message.ExpiresInMilliseconds : 0;
            Span<byte> id = idBuffer[..DeduplicationIds.Measure(message.DeduplicationId, deduplication)];
            if (!id.IsEmpty) DeduplicationIds.Write(message.DeduplicationId, message.Body.Span, id);
            int length = RecordEncoder.Write(_buffer.AsSpan(start), message, delayMs == 0 ? 0 : dueFrom + delayMs, expiresMs, id);
            LaneKey lane = IsLaned(message) ? new LaneKey(LaneKey.HashOf(message.Group), message.Priority) : default;
            _messages[i] = new Encoded { Start = start, Length = length, Arrival = new Arrival(dueFrom, delayMs, hasQueueDelay, expiresMs, lane), HasId = !id.IsEmpty };
            if (!id.IsEmpty) _messages[i].Id = DeduplicationIds.Hash(deduplication!.Scope, group[..Encoding.UTF8.GetBytes(message.Group, group)], id);
            start += length;
        }
    }
}
