using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>
/// The producers of one partition: what makes a repeated batch have no second effect, and keeps a fenced producer out (topics.md; Kafka's ProducerStateManager). Folded from the headers of record batches.
/// Guarded by the sequencer.
/// </summary>
/// <remarks>
/// A producer is forgotten when all its records here are gone and it has been idle for <see cref="TopicLimits.ProducerIdleSeconds"/>; what is forgotten depends on the state and the time alone. One that is not
/// known begins with number 0, unless records of this partition have gone, and its own may be among them: then with any.
/// </remarks>
internal sealed class PartitionProducers
{
    private readonly Dictionary<long, ProducerState> _producers = [];

    // Of open transactions, by where they begin.
    private readonly SortedSet<(long From, long Id)> _open = [];

    public int Count => _producers.Count;

    public Dictionary<long, ProducerState>.Enumerator GetEnumerator() => _producers.GetEnumerator();

    public ProducerState? Find(long id) => _producers.GetValueOrDefault(id);

    /// <summary>
    /// Whether the batch may be appended: null, with the first one's offset in <paramref name="duplicateOf"/> where it was before, or the refusal. <paramref name="low"/> is the partition's.
    /// </summary>
    public BrokerError? Check(in ProducerStamp stamp, long low, out long? duplicateOf)
    {
        duplicateOf = null;
        if (!_producers.TryGetValue(stamp.Id, out ProducerState? state))
        {
            if (_producers.Count >= TopicLimits.ProducersPerPartitionMax)
            {
                return new BrokerError(ErrorCode.TooManyProducers, $"The partition knows {TopicLimits.ProducersPerPartitionMax} producers, as many as it can.");
            }

            return stamp.BaseSequence <= 0 || low > 0 ? null : OutOfOrder(stamp, 0);
        }

        if (stamp.Epoch < state.Epoch) return Fenced(stamp.Id, stamp.Epoch, state.Epoch);
        if (stamp.BaseSequence == ProducerStamp.NoSequence) return null;
        if (stamp.Epoch > state.Epoch) return stamp.BaseSequence == 0 ? null : OutOfOrder(stamp, 0);
        foreach (ProducedBatch batch in state.Batches)
        {
            if (batch.BaseSequence != stamp.BaseSequence || batch.LastSequence != stamp.LastSequence) continue;
            duplicateOf = batch.BaseOffset;
            return null;
        }

        if (state.Batches.Count == 0) return null;
        int next = (int)((state.LastSequence + 1L) & int.MaxValue);
        return stamp.BaseSequence == next ? null : OutOfOrder(stamp, next);
    }

    /// <summary>The fold: a batch of a producer's has been appended. <paramref name="now"/> 0: nobody knows when.</summary>
    public void Apply(in RecordBatchHeader batch, long now)
    {
        if (batch.ProducerId < 0) return;
        if (!_producers.TryGetValue(batch.ProducerId, out ProducerState? state)) _producers.Add(batch.ProducerId, state = new ProducerState());
        state.BeginEpoch(batch.ProducerEpoch);
        (state.LastOffset, state.LastMs) = (batch.LastOffset, now);
        if (batch.IsControl)
        {
            SetTransaction(batch.ProducerId, state, null);
            return;
        }

        if (batch.IsTransactional && state.TransactionFrom is null) SetTransaction(batch.ProducerId, state, batch.BaseOffset);
        if (batch.BaseSequence < 0) return;
        var stamp = new ProducerStamp(batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastOffsetDelta + 1, batch.IsTransactional);
        state.Add(new ProducedBatch(stamp.BaseSequence, stamp.LastSequence, batch.BaseOffset));
    }

    /// <summary>From a snapshot.</summary>
    public ProducerState Restore(long id, long? transactionFrom)
    {
        var state = new ProducerState();
        _producers.Add(id, state);
        SetTransaction(id, state, transactionFrom);
        return state;
    }

    /// <summary>Forgets those that are over.</summary>
    public void Compact(long low, long now)
    {
        foreach ((long id, ProducerState state) in _producers)
        {
            if (state.LastMs == 0) state.LastMs = now;
            // The dictionary allows removal while it is enumerated.
            if (state.LastOffset < low && state.TransactionFrom is null && now - state.LastMs > TopicLimits.ProducerIdleSeconds * 1_000L) _producers.Remove(id);
        }
    }

    /// <summary>Where the first transaction begins that has not ended; null: none is open.</summary>
    /// <summary>Transactions that have not ended, so many at most, in the order in which they began.</summary>
    public OpenTransaction[] Open(int max) => [.. _open.Take(max).Select(static open => new OpenTransaction(open.Id, open.From))];

    public long? FirstOpen => _open.Count > 0 ? _open.Min.From : null;

    /// <summary>The refusal of a producer whose place another one has taken.</summary>
    public static BrokerError Fenced(long id, short shown, short epoch) => new(
        ErrorCode.ProducerFenced,
        $"The producer {id} has the epoch {epoch} by now, and {shown} is another one: another instance has taken its place, or its transaction has ended.",
        "producer.epoch");

    private void SetTransaction(long id, ProducerState state, long? from)
    {
        if (state.TransactionFrom is { } before) _open.Remove((before, id));
        if (from is { } first) _open.Add((first, id));
        state.TransactionFrom = from;
    }

    private static BrokerError OutOfOrder(in ProducerStamp stamp, int next) => new(
        ErrorCode.OutOfOrderSequence, $"The producer {stamp.Id} goes on with the sequence {next} in this partition, not {stamp.BaseSequence}: what is between is missing, or was stored long ago.", "sequence");
}
