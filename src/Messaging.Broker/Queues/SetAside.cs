namespace Messaging.Broker.Queues;

/// <summary>
/// The ready messages that had all their deliveries and wait for the dead-letter queue. Derived from the deliveries and the definition, and so never journaled. Guarded
/// by the sequencer.
/// </summary>
internal sealed class SetAside(DeliveryTable deliveries)
{
    // (offset, 0), cleaned lazily.
    private PairHeap? _offsets;

    /// <summary>Deliveries that a message may have.</summary>
    public int ReceivesMax { get; private set; } = int.MaxValue;

    public long Count { get; private set; }

    /// <summary>Another limit; whoever sets it judges all deliveries anew.</summary>
    public void Limit(int receivesMax)
    {
        ReceivesMax = receivesMax;
        Clear();
    }

    public void Clear() => (_offsets, Count) = (null, 0);

    public void Compact()
    {
        if (_offsets is { Count: 0 }) _offsets = null;
    }

    /// <summary>The message is ready: false where it may be delivered once more.</summary>
    public bool Takes(long offset)
    {
        if (ReceivesMax == int.MaxValue) return false;
        ref Delivery delivery = ref deliveries.Find(offset, out bool delivered);
        if (!delivered || delivery.CountedReceives < ReceivesMax) return false;
        delivery.IsAside = true;
        Count++;
        (_offsets ??= new PairHeap()).Push(offset, 0);
        return true;
    }

    public void Leave(ref Delivery delivery)
    {
        if (delivery.IsAside) Count--;
        delivery.IsAside = false;
    }

    /// <summary>Up to so many of them, oldest first; they stay.</summary>
    public int Peek(Span<long> offsets)
    {
        int count = 0;
        while (count < offsets.Length && _offsets is { Count: > 0 })
        {
            (long offset, _) = _offsets.Pop();
            bool counts = deliveries.TryGet(offset, out Delivery delivery) && delivery is { IsAside: true, IsStuck: false };
            if (counts && (count == 0 || offsets[count - 1] != offset)) offsets[count++] = offset;
        }

        for (int i = 0; i < count; i++) _offsets!.Push(offsets[i], 0);
        return count;
    }

    /// <summary>The message can't be moved: it stays, delivered to nobody, and is not tried again.</summary>
    public void GiveUp(long offset)
    {
        ref Delivery delivery = ref deliveries.Find(offset, out bool delivered);
        if (delivered) delivery.IsStuck = true;
    }
}
