using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Grpc.Queues;

/// <summary>
/// What a stream has delivered and its client has not settled: extended while the client may work on it, and given back when it leaves. What was settled elsewhere, or is over, is forgotten. Thread-safe. Hot path.
/// </summary>
/// <param name="queues">Where leases are changed.</param>
/// <param name="queue">The one that deliveries are of.</param>
/// <param name="leaseSeconds">How long a lease is made to last, each time.</param>
/// <param name="processingSeconds">How long a client may work on one message, from its delivery on; 0: leases are never extended.</param>
/// <param name="clock">By which leases are looked at; when they end is by the broker's.</param>
internal sealed class Deliveries(QueueBroker queues, QueueKey queue, int leaseSeconds, int processingSeconds, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Receipt, Terms> _open = [];

    /// <summary>Leases are looked at three times in the time of one.</summary>
    public TimeSpan Beat { get; } = TimeSpan.FromSeconds(leaseSeconds / 3.0);

    /// <summary>Messages that are with the client.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    public void Add(ReceivedMessages received)
    {
        lock (_lock)
        {
            long notAfterMs = received.ReceivedAtMs + (processingSeconds * 1000L);
            for (int index = 0; index < received.Count; index++)
                _open[received[index].Receipt] = new Terms(received[index].LeasedUntilMs, notAfterMs);
            foreach (DamagedMessage message in received.Damaged)
                _open[message.Receipt] = new Terms(received.ReceivedAtMs + (leaseSeconds * 1000L), notAfterMs);
        }
    }

    /// <summary>The client has settled it.</summary>
    public void Remove(Receipt receipt)
    {
        lock (_lock)
            _open.Remove(receipt);
    }

    /// <summary>The client has chosen when its lease ends: there it ends, unless it chooses again.</summary>
    public void Change(Receipt receipt, int seconds)
    {
        long endMs = NowMs() + (seconds * 1000L);
        lock (_lock)
        {
            if (_open.ContainsKey(receipt))
                _open[receipt] = new Terms(endMs, endMs);
        }
    }

    /// <summary>Extends what would end before it is looked at twice more.</summary>
    public async ValueTask ExtendAsync()
    {
        foreach (ExtendEntry[] entries in Due().Chunk(BrokerLimits.CallEntriesMax))
        {
            long extendedMs = NowMs();
            Result<BrokerError?[]> extended = await queues.ExtendAsync(queue, entries, CancellationToken.None);
            // A call that is refused as a whole, such as of a queue that is gone: deliveries are told of that.
            if (!extended.IsOk)
                return;
            lock (_lock)
            {
                for (int index = 0; index < entries.Length; index++)
                    Extended(entries[index], extended.Value[index] is null, extendedMs);
            }
        }
    }

    /// <summary>Gives back what is left, to be received at once.</summary>
    public async ValueTask GiveBackAsync()
    {
        ReleaseEntry[] left;
        lock (_lock)
        {
            left = [.. _open.Keys.Select(static receipt => new ReleaseEntry(receipt, 0))];
            _open.Clear();
        }
        foreach (ReleaseEntry[] entries in left.Chunk(BrokerLimits.CallEntriesMax))
            await queues.ReleaseAsync(queue, entries, CancellationToken.None);
    }

    private List<ExtendEntry> Due()
    {
        var due = new List<ExtendEntry>();
        long now = NowMs();
        long soon = now + (leaseSeconds * 2000L / 3);
        lock (_lock)
        {
            foreach ((Receipt receipt, Terms terms) in _open)
            {
                if (terms.LeasedUntilMs < now)
                    _open.Remove(receipt);
                else if (terms.LeasedUntilMs <= soon && terms.LeasedUntilMs < terms.NotAfterMs)
                    due.Add(new ExtendEntry(receipt, Math.Min(leaseSeconds, (int)((terms.NotAfterMs - now + 999) / 1000))) { NotAfterMs = terms.NotAfterMs + 999 });
            }
        }
        return due;
    }

    // It may have been settled meanwhile.
    private void Extended(in ExtendEntry entry, bool isDone, long nowMs)
    {
        if (!isDone)
            _open.Remove(entry.Receipt);
        else if (_open.TryGetValue(entry.Receipt, out Terms terms) && terms.LeasedUntilMs < terms.NotAfterMs)
            _open[entry.Receipt] = terms with { LeasedUntilMs = nowMs + (entry.LeaseSeconds * 1000L) };
    }

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly record struct Terms(long LeasedUntilMs, long NotAfterMs);
}
