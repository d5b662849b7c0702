using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Where in a queue the messages are that came from another one and kept their ids: any other message's id tells its place by itself. What is gone from the
/// queue is swept out later and never shown. Guarded by the sequencer.
/// </summary>
internal sealed class MovedMessages(LogStream stream)
{
    // What is gone is swept out when it outnumbers the rest, and this.
    private const int GoneSlack = 1_024;

    private readonly Dictionary<MessageId, long> _offsets = [];

    public void Add(MessageId id, long offset)
    {
        _offsets[id] = offset;
        if (_offsets.Count > (2 * stream.LiveCount) + GoneSlack) Sweep();
    }

    /// <summary>The offset of the message, while it is there.</summary>
    public bool TryFind(MessageId id, out long offset) => _offsets.TryGetValue(id, out offset) && !stream.IsReleased(offset);

    /// <summary>False when none is left.</summary>
    public bool Compact()
    {
        if (_offsets.Count > (2 * stream.LiveCount) + GoneSlack || stream.LiveCount == 0) Sweep();
        return _offsets.Count > 0;
    }

    /// <summary>See <see cref="QueueSnapshot"/> for the bytes.</summary>
    public void Write(ref BufferEntryWriter writer)
    {
        Span<byte> id = stackalloc byte[MessageId.Bytes];
        foreach ((MessageId key, long offset) in _offsets)
        {
            if (stream.IsReleased(offset)) continue;
            writer.Unsigned(offset + 1);
            key.TryCopyTo(id);
            writer.Bytes(id);
        }

        writer.Unsigned(0);
    }

    private void Sweep()
    {
        // Removing while enumerating is allowed for dictionaries.
        foreach ((MessageId id, long offset) in _offsets)
        {
            if (stream.IsReleased(offset)) _offsets.Remove(id);
        }

        _offsets.TrimExcess();
    }
}
