using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Resolves a message's id to the queue that holds it and its offset there: the one place that knows what ids stand for.</summary>
internal sealed class MessageLocator(QueueHost host)
{
    public static readonly BrokerError NotFound = new(
        ErrorCode.MessageNotFound, "The queue has no such message: it never had, or the message is acknowledged, cancelled, purged, redriven or too old.");

    /// <summary>What the id says. Outside of the sequencer: every 16 bytes say something, and what is not ours names a stream that there never was.</summary>
    public MessagePlace Decode(MessageId id) => host.Keys.Locate(id);

    /// <summary>Where in this queue the message is now, by its own place or since it was moved here; false when it is not. Inside a command, after the queue was advanced.</summary>
    public bool TryFind(LiveQueue queue, MessageId id, MessagePlace place, out long offset)
    {
        offset = 0;
        if (queue.State.Moved?.TryFind(id, out offset) == true) return true;
        return TryFind(place, out LiveQueue? owner, out offset) && owner == queue;
    }

    /// <summary>
    /// As <see cref="TryFind(LiveQueue, MessageId, MessagePlace, out long)"/>, and where it is not there any more, in the dead-letter queues that it may have gone to. Each is
    /// advanced.
    /// </summary>
    public bool TryFollow(LiveQueue asked, MessageId id, MessagePlace place, long now, [NotNullWhen(true)] out LiveQueue? queue, out long offset)
    {
        queue = asked;
        offset = 0;
        for (int links = 0; queue is not null && links <= QueueLimits.DeadLetterChainMax; links++)
        {
            queue.State.Advance(now);
            if (TryFind(queue, id, place, out offset)) return true;
            queue = host.Queues.DeadLetterQueueOf(queue);
        }

        queue = null;
        return false;
    }

    // Where the message was sent to, and is.
    private bool TryFind(MessagePlace place, [NotNullWhen(true)] out LiveQueue? queue, out long offset)
    {
        offset = place.Offset;
        return host.Queues.TryGet(place.StreamId, out queue) && offset >= 0 && offset < queue.Stream.Next && !queue.Stream.IsReleased(offset);
    }
}
