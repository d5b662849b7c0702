using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Messaging.Broker.Queues;

/// <summary>
/// What is remembered of the messages that were delivered and are not gone, and a heap of when their leases and waits end. The heap is cleaned lazily: a pair counts
/// only while the delivery agrees with it. Guarded by the sequencer. Hot path: no allocation but growth.
/// </summary>
internal sealed class DeliveryTable
{
    // Stale pairs are swept when they outnumber the good ones, and this.
    private const int StaleSlack = 1_024;

    private Dictionary<long, Delivery>? _map;
    // (end of the lease or of the wait, offset).
    private PairHeap? _timed;

    public int Count => _map?.Count ?? 0;

    /// <summary>Pairs in the heap, stale ones included.</summary>
    public int Pairs => _timed?.Count ?? 0;

    /// <summary>When the next lease or wait may end, or <see cref="long.MaxValue"/>; perhaps early, never late.</summary>
    public long NextMs => _timed is { Count: > 0 } ? _timed.PeekKey() : long.MaxValue;

    /// <summary>Each with its delivery; they may be removed meanwhile, and none added.</summary>
    public IEnumerable<KeyValuePair<long, Delivery>> All => _map ?? Enumerable.Empty<KeyValuePair<long, Delivery>>();

    public bool TryGet(long offset, out Delivery delivery)
    {
        delivery = default;
        return _map is not null && _map.TryGetValue(offset, out delivery);
    }

    public ref Delivery Find(long offset, out bool found)
    {
        ref Delivery delivery = ref _map is null ? ref Unsafe.NullRef<Delivery>() : ref CollectionsMarshal.GetValueRefOrNullRef(_map, offset);
        found = !Unsafe.IsNullRef(ref delivery);
        return ref delivery;
    }

    /// <summary>The message's delivery, made where it has none.</summary>
    public ref Delivery Enter(long offset, out bool wasDelivered)
    {
        _map ??= [];
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_map, offset, out wasDelivered);
    }

    public bool Remove(long offset, out Delivery delivery)
    {
        delivery = default;
        return _map is not null && _map.Remove(offset, out delivery);
    }

    /// <summary>Its lease or its wait ends then.</summary>
    public void Time(long offset, long end)
    {
        _timed ??= new PairHeap();
        _timed.Push(end, offset);
    }

    /// <summary>The next message whose lease or wait is over; false when there is none any more.</summary>
    public bool TryPop(long now, out long offset, out long end)
    {
        while (_timed is { Count: > 0 } && _timed.PeekKey() <= now)
        {
            (end, offset) = _timed.Pop();
            if (Counts(end, offset)) return true;
        }

        (offset, end) = (0, 0);
        return false;
    }

    /// <summary>Drops stale pairs where they are many; <paramref name="live"/> messages have a lease or wait.</summary>
    public void Sweep(long live)
    {
        if (_timed is null || _timed.Count <= (2 * live) + StaleSlack) return;
        var filter = new LiveOnce(this);
        _timed.Keep(ref filter);
        for (int i = 0; i < _timed.Count; i++)
        {
            ref Delivery delivery = ref Find(_timed.At(i).Value, out bool delivered);
            if (delivered) delivery.IsFound = false;
        }
    }

    public void Clear() => (_map, _timed) = (null, null);

    public void Compact()
    {
        if (_map is { Count: 0 }) _map = null;
        if (_timed is { Count: 0 }) _timed = null;
    }

    private bool Counts(long end, long offset) => TryGet(offset, out Delivery delivery) && delivery.State != 0 && Math.Abs(delivery.State) == end;

    // One pair stays for each message, also of those that were put off to the same time again and again.
    private readonly struct LiveOnce(DeliveryTable table) : PairHeap.IFilter
    {
        public bool Keeps(long key, long value)
        {
            if (!table.Counts(key, value)) return false;
            ref Delivery delivery = ref table.Find(value, out _);
            bool isFirst = !delivery.IsFound;
            delivery.IsFound = true;
            return isFirst;
        }
    }
}
