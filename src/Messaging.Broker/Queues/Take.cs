using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What one receive has taken in its current round. Its arrays are rented, and given back by the receive.</summary>
internal sealed class Take(int max, long leaseMs)
{
    public int Max => max;

    public long LeaseMs => leaseMs;

    /// <summary>Messages of the queue that may be leased at once.</summary>
    public required int LeasedMax { get; init; }

    public long[] Offsets { get; } = ArrayPool<long>.Shared.Rent(max);

    public Delivery[] Deliveries { get; } = ArrayPool<Delivery>.Shared.Rent(max);

    public int Count { get; private set; }

    public long Deadline { get; set; }

    /// <summary>So long after <see cref="Started"/> the receive waits for something to take.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>A timestamp of the time provider.</summary>
    public required long Started { get; init; }

    /// <summary>Its place among those that wait; null until it has found nothing.</summary>
    public Waiter? Waiter { get; set; }

    public bool Waits { get; set; }

    /// <summary>The hash of the attempt's id; null without one.</summary>
    public required Hash128? Attempt { get; init; }

    /// <summary>What it has taken was delivered to the same attempt before.</summary>
    public bool IsRepeat { get; set; }

    public BrokerError? Refusal { get; set; }

    public void Clear() => (Count, Waits, IsRepeat, Refusal) = (0, false, false, null);

    public void Add(long offset, in Delivery delivery) => (Offsets[Count], Deliveries[Count++]) = (offset, delivery);

    public void Return()
    {
        ArrayPool<long>.Shared.Return(Offsets);
        ArrayPool<Delivery>.Shared.Return(Deliveries);
    }
}
