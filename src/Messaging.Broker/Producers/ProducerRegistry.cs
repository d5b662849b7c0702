using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Producers;

/// <summary>
/// Producer ids, which are never given twice, and the producers that have transactional ids, with their open transactions: the state of Kafka's transaction coordinator. Folded from entries of the
/// system stream (<see cref="ProducerEntries"/>); which partitions a transaction has records in follows from the partitions. Guarded by the sequencer.
/// </summary>
internal sealed class ProducerRegistry
{
    private readonly Dictionary<long, TransactionalProducer> _byId = [];
    private readonly Dictionary<ProducerKey, TransactionalProducer> _byKey = [];

    /// <summary>The last id that was given; 0: none was.</summary>
    public long LastId { get; private set; }

    /// <summary>The latest time that an entry carries.</summary>
    public long LastNowMs { get; private set; }

    public int Count => _byId.Count;

    public IEnumerable<TransactionalProducer> All => _byId.Values;

    public bool TryGet(long id, [NotNullWhen(true)] out TransactionalProducer? producer) => _byId.TryGetValue(id, out producer);

    public bool TryGet(in ProducerKey key, [NotNullWhen(true)] out TransactionalProducer? producer) => _byKey.TryGetValue(key, out producer);

    /// <summary>
    /// Whether who publishes with this stamp may: its id was given by this server, and, where it belongs to a transactional id, its epoch is the latest one; in a transaction, that it is open.
    /// </summary>
    public BrokerError? Check(in ProducerStamp stamp, Names.AccountId account)
    {
        if (stamp.Id < 1 || stamp.Id > LastId) return NotFound(stamp.Id);
        if (!_byId.TryGetValue(stamp.Id, out TransactionalProducer? producer))
        {
            return stamp.IsTransactional ? NotFound(stamp.Id) : null;
        }

        if (producer.Key.Account != account) return NotFound(stamp.Id);
        if (stamp.Epoch != producer.Epoch) return PartitionProducers.Fenced(stamp.Id, stamp.Epoch, producer.Epoch);
        return (stamp.IsTransactional, producer.BeganMs) switch
        {
            (true, null) => new BrokerError(ErrorCode.TransactionNotOpen, $"The producer {stamp.Id} has no open transaction.", "producer.transaction"),
            (false, not null) => new BrokerError(ErrorCode.TransactionOpen, $"The producer {stamp.Id} has an open transaction: what it publishes names it.", "producer.transaction"),
            _ => null,
        };
    }

    public static BrokerError NotFound(long id) => new(ErrorCode.ProducerNotFound, $"This server knows no producer {id}, or not of this account; ask for one first.", "producer.id");

    public void ApplyTaken(long id, long now)
    {
        LastId = Math.Max(LastId, id);
        LastNowMs = Math.Max(LastNowMs, now);
    }

    public TransactionalProducer ApplyInitiated(in ProducerKey key, long id, short epoch, int timeoutMs, long now)
    {
        ApplyTaken(id, now);
        if (_byKey.TryGetValue(key, out TransactionalProducer? producer) && producer.Id != id) _byId.Remove(producer.Id);
        if (producer is null || producer.Id != id) producer = Add(new TransactionalProducer(key, id));
        producer.ApplyInitiated(epoch, timeoutMs, now);
        return producer;
    }

    public void ApplyBegan(long id, long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        _byId[id].ApplyBegan(now);
    }

    public void ApplyEnded(long id, short epoch, bool hasCommitted, long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        _byId[id].ApplyEnded(epoch, hasCommitted, now);
    }

    public void ApplyForgotten(long id)
    {
        if (_byId.Remove(id, out TransactionalProducer? producer)) _byKey.Remove(producer.Key);
    }

    /// <summary>From a snapshot.</summary>
    public TransactionalProducer Add(TransactionalProducer producer)
    {
        _byId[producer.Id] = producer;
        _byKey[producer.Key] = producer;
        return producer;
    }

    /// <summary>Once, when recovery is over: which partitions have records of open transactions.</summary>
    public void FindPartitions(TopicDirectory topics)
    {
        for (int i = 0; i < topics.PartitionCount; i++)
        {
            if (topics[i].State.Producers is not { } producers) continue;
            foreach ((long id, ProducerState state) in producers)
            {
                if (state.TransactionFrom is not null && _byId.TryGetValue(id, out TransactionalProducer? producer)) producer.Touch(topics[i]);
            }
        }
    }
}
