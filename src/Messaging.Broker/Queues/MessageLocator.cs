using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Resolves a message's id to the queue that holds it and its offset there: the one place that knows what ids stand for.</summary>
internal sealed class MessageLocator(QueueHost host)
{
    public static readonly BrokerError NotFound = new(
        ErrorCode.MessageNotFound, "The queue has no such message: it never had, or the message is acknowledged, cancelled or too old.");

    /// <summary>What the id says. Outside of the sequencer: every 16 bytes say something, and what is not ours names a stream that there never was.</summary>
    public MessagePlace Decode(MessageId id) => host.Keys.Locate(id);

    /// <summary>Where in this queue the message is now, by its own place or since it was moved here; false when it is not. Inside a command, after the queue was advanced.</summary>
    public bool TryFind(LiveQueue queue, MessageId id, MessagePlace place, out long offset)
    {
        offset = 0;
        if (queue.State.Moved?.TryFind(id, out offset) == true) return true;
        return TryFind(place, out LiveQueue? owner, out offset) && owner == queue;
    }

    /// <summary>Where the message is now; false when it is nowhere. Inside a command; the caller has advanced the queue that it asks about.</summary>
    public bool TryFind(MessagePlace place, [NotNullWhen(true)] out LiveQueue? queue, out long offset)
    {
        offset = place.Offset;
        return host.Queues.TryGet(place.StreamId, out queue) && offset >= 0 && offset < queue.Stream.Next && !queue.Stream.IsReleased(offset);
    }
}
