using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Messaging.Broker.Queues;

/// <summary>
/// Queues that were met with messages set aside for their dead-letter queues, each once, and the signal that there is one. Guarded by the sequencer, but for the
/// wait, which one loop may do.
/// </summary>
internal sealed class AsideQueues
{
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Queue<LiveQueue> _queues = new();

    /// <summary>After the queue's state was advanced.</summary>
    public void Notice(LiveQueue queue)
    {
        if (queue.State.Aside.Count == 0 || queue.IsNoticed) return;
        queue.IsNoticed = true;
        _queues.Enqueue(queue);
        Signal();
    }

    public bool TryTake([NotNullWhen(true)] out LiveQueue? queue)
    {
        if (!_queues.TryDequeue(out queue)) return false;
        queue.IsNoticed = false;
        return true;
    }

    /// <summary>There is something to do; at any time.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);
}
