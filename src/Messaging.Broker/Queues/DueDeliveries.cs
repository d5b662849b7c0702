using System.Threading.Channels;

namespace Messaging.Broker.Queues;

/// <summary>
/// Delivery queues that have something to push, each once: from when the first message is due until somebody has found that there is no more. So a subscription with nothing due costs nothing. Told of by the sequencer; the
/// wait is that of one loop.
/// </summary>
internal sealed class DueDeliveries
{
    // Bounded by the number of subscriptions.
    private readonly Channel<LiveQueue> _queues = Channel.CreateUnbounded<LiveQueue>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>After the queue's state was advanced.</summary>
    public void Notice(LiveQueue queue)
    {
        if (queue.IsDelivering || queue.Deleted || queue.Subscription is not { Paused: false } || queue.State.Deliverable <= 0) return;
        queue.IsDelivering = true;
        _queues.Writer.TryWrite(queue);
    }

    public ValueTask<LiveQueue> NextAsync(CancellationToken cancellationToken) => _queues.Reader.ReadAsync(cancellationToken);
}
