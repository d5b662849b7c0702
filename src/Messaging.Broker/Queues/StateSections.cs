namespace Messaging.Broker.Queues;

/// <summary>The sections of a snapshot that hold a queue's state. <see cref="QueueSnapshot"/> has the byte table, and the order.</summary>
internal static class StateSections
{
    public static void WriteState(ref BufferEntryWriter writer, QueueState state)
    {
        writer.Unsigned(state.LastNowMs);
        state.Backlog.Write(ref writer);
        writer.Unsigned(state.Deliveries.Count);
        foreach ((long offset, Delivery delivery) in state.Deliveries.All)
        {
            writer.Unsigned(offset);
            writer.Signed(delivery.State);
            writer.Unsigned(delivery.FirstReceivedMs);
            writer.Unsigned(delivery.DueMs);
            writer.Unsigned(delivery.ReceiveCount);
        }

        // Each is ready when due, so that those that are due already need no list of their own.
        for (int i = 0; i < state.ReadyAgain?.Count; i++)
        {
            (long offset, long due) = state.ReadyAgain.At(i);
            if (state.IsUndelivered(offset)) WriteDelayed(ref writer, offset, due);
        }

        foreach ((long offset, long due) in state.OwnDelays?.All() ?? []) WriteDelayed(ref writer, offset, due);
        foreach ((long offset, long due) in state.Lanes?.Late() ?? []) WriteDelayed(ref writer, offset, due);
        writer.Unsigned(0);
    }

    public static void RestoreState(ref EntryReader reader, QueueState state, bool isOld)
    {
        state.RestoreTime(reader.Unsigned());
        state.Backlog.Restore(ref reader);
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            long offset = reader.Unsigned();
            state.RestoreDelivery(offset, new Delivery
            {
                State = reader.Signed(), FirstReceivedMs = reader.Unsigned(), DueMs = reader.Unsigned(), ReceiveCount = reader.Int32(),
            });
        }

        while (!(isOld && reader.AtEnd))
        {
            long offset = isOld ? reader.Unsigned() : reader.Unsigned() - 1;
            if (offset < 0) break;
            state.RestoreDelayed(offset, reader.Unsigned());
        }

        foreach (long offset in state.Lanes?.Offsets() ?? []) state.Backlog.Skip(offset);
    }

    /// <summary>A section with a number of each delivery that has one; absent where none has.</summary>
    public static void WriteNumbers(ref BufferEntryWriter writer, byte section, DeliveryTable deliveries, Func<Delivery, int> numberOf)
    {
        bool any = false;
        foreach ((long offset, Delivery delivery) in deliveries.All)
        {
            if (numberOf(delivery) == 0) continue;
            if (!any) writer.Byte(section);
            any = true;
            writer.Unsigned(offset + 1);
            writer.Unsigned(numberOf(delivery));
        }

        if (any) writer.Unsigned(0);
    }

    public static void RestoreNumbers(ref EntryReader reader, Action<long, int> restore)
    {
        for (long offset = reader.Unsigned() - 1; offset >= 0; offset = reader.Unsigned() - 1) restore(offset, reader.Int32());
    }

    private static void WriteDelayed(ref BufferEntryWriter writer, long offset, long due)
    {
        writer.Unsigned(offset + 1);
        writer.Unsigned(due);
    }
}
