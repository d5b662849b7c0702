using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>
/// The aborted transactions of one partition, by where they end: what a fetch of committed records leaves out (Kafka's transaction index). As many as there are records of them. Changed inside the
/// sequencer only; any thread may look.
/// </summary>
internal sealed class AbortedTransactions
{
    private readonly Lock _lock = new();
    private readonly List<AbortedTransaction> _transactions = [];

    /// <summary>Markers come in the order of their offsets.</summary>
    public void Add(in AbortedTransaction transaction)
    {
        lock (_lock)
        {
            _transactions.Add(transaction);
        }
    }

    /// <summary>Those with records from one offset up to, but without, another.</summary>
    public AbortedTransaction[] Between(long from, long end)
    {
        lock (_lock)
        {
            var found = new List<AbortedTransaction>();
            for (int i = FirstEndingAt(from); i < _transactions.Count; i++)
            {
                if (_transactions[i].First < end) found.Add(_transactions[i]);
            }

            return [.. found];
        }
    }

    /// <summary>Forgets those that have no records any more; false where that leaves none.</summary>
    public bool Forget(long low)
    {
        lock (_lock)
        {
            _transactions.RemoveRange(0, FirstEndingAt(low));
            return _transactions.Count > 0;
        }
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(_transactions.Count);
        foreach (AbortedTransaction transaction in _transactions)
        {
            writer.Unsigned(transaction.ProducerId);
            writer.Unsigned(transaction.First);
            writer.Unsigned(transaction.Last);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--) _transactions.Add(new AbortedTransaction(reader.Unsigned(), reader.Unsigned(), reader.Unsigned()));
    }

    private int FirstEndingAt(long offset)
    {
        (int low, int high) = (0, _transactions.Count);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_transactions[middle].Last < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>From its first record in the partition to its marker, both included.</summary>
internal readonly record struct AbortedTransaction(long ProducerId, long First, long Last);
