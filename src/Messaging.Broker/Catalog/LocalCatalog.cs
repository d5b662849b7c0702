using Messaging.Broker.Access;
using Messaging.Broker.Copies;
using Messaging.Broker.Documents;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The embedded catalog: definitions in memory, kept as entries of the system stream (<see cref="CatalogEntries"/>) and in its snapshot (<see cref="CatalogSnapshot"/>), with the server's keys and the access keys of clients. The truth
/// by itself, or the mirror of an <see cref="ICatalogTruth"/>.
/// Guarded by the sequencer, or by recovery; only <see cref="Names"/> and <see cref="AccessKeys"/> may be asked at any time.
/// </summary>
internal sealed class LocalCatalog(QueueDirectory queues, TopicDirectory topics)
{
    // Definitions whose streams have not come yet: recovery only.
    private readonly Dictionary<long, CatalogRecord> _unattached = [];
    private QueueDefinition? _latest;

    /// <summary>Grows with every change of any definition.</summary>
    public long Version { get; private set; }

    /// <summary>The clock at the latest snapshot: no later start is earlier.</summary>
    public long ClockMs { get; private set; }

    /// <summary>Definitions of topics.</summary>
    public TopicCatalog Topics { get; } = new(topics);

    /// <summary>Definitions of subscriptions.</summary>
    public SubscriptionCatalog Subscriptions { get; } = new(topics, queues);

    /// <summary>Producer ids, and the producers with transactional ones.</summary>
    public ProducerRegistry Producers { get; } = new();

    /// <summary>Long operations.</summary>
    public OperationJournal Operations { get; } = new(new OperationTable());

    /// <summary>Looked up by anyone, without a lock.</summary>
    public AccessKeyTable AccessKeys { get; } = new();

    /// <summary>What fronts keep for themselves.</summary>
    public DocumentTable Documents { get; } = new();

    /// <summary>Records that are still to be copied to queues.</summary>
    public CopyTable Copies => field ??= new CopyTable(Subscriptions.Subscriptions);

    /// <summary>What notifications are signed with, a secret; null until one was needed.</summary>
    public byte[]? SigningKey { get; set; }

    /// <summary>What ids of messages are made with, a secret; null before there are keys.</summary>
    public byte[]? IdKey { get; private set; }

    /// <summary>What receipts are made with, a secret.</summary>
    public byte[]? ReceiptKey { get; private set; }

    public bool HasKeys => IdKey is not null;

    /// <summary>The names of queues, looked up by anyone.</summary>
    public NameIndex<QueueKey> Names { get; } = new();

    public int Count => Names.Count;

    public MessageKeys NewKeys() => new(IdKey, ReceiptKey);

    public void ApplyKeys(ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> receiptKey) => (IdKey, ReceiptKey) = (idKey.ToArray(), receiptKey.ToArray());

    public void ApplyPut(CatalogRecord record)
    {
        Version = Math.Max(Version, record.Version);
        if (queues.TryGet(record.StreamId, out LiveQueue? queue)) Define(queue, record);
        else _unattached[record.StreamId] = record;
    }

    public void ApplyDeleted(long streamId, long version)
    {
        Version = Math.Max(Version, version);
        _unattached.Remove(streamId);
        if (!queues.TryGet(streamId, out LiveQueue? queue)) return;
        Names.Remove(queue.Key);
        queues.Detach(streamId);
    }

    public void ApplyPut(TopicRecord record)
    {
        Version = Math.Max(Version, record.Version);
        Topics.ApplyPut(record);
    }

    public void ApplyTopicDeleted(long firstStreamId, long version)
    {
        Version = Math.Max(Version, version);
        if (Topics.ApplyDeleted(firstStreamId) is { } topic) Subscriptions.ApplyTopicDeleted(topic.Key);
    }

    public void ApplyPut(SubscriptionRecord record)
    {
        Version = Math.Max(Version, record.Version);
        Subscriptions.ApplyPut(record);
    }

    public void ApplySubscriptionDeleted(long number, long version)
    {
        Version = Math.Max(Version, version);
        Subscriptions.ApplyDeleted(number);
    }

    public void ApplyReplayEnded(long number)
    {
        Copies.ApplyReplayEnded(number);
        Subscriptions.ApplyReplay(number, null);
    }

    public void ApplyReached(long version) => Version = Math.Max(Version, version);

    public void ApplyTime(long clockMs) => ClockMs = Math.Max(ClockMs, clockMs);

    /// <summary>A queue's stream has come.</summary>
    public LiveQueue Attach(LogStream stream)
    {
        LiveQueue queue = queues.Attach(stream);
        if (_unattached.Remove(stream.Id, out CatalogRecord? record)) Define(queue, record);
        else Subscriptions.Attached(queue);
        return queue;
    }

    /// <summary>After recovery: every definition has its stream, and every stream its definition.</summary>
    public void CheckWhole()
    {
        Invariant.Check(_unattached.Count == 0, "A queue of the catalog has no stream.");
        _unattached.TrimExcess();
        Topics.CheckWhole();
        Subscriptions.CheckWhole();
        Producers.FindPartitions(topics);
        for (int i = 0; i < queues.Count; i++) Invariant.Check(queues[i].Definition is not null, "A queue's stream has no definition in the catalog.");
    }

    private void Define(LiveQueue queue, CatalogRecord record)
    {
        bool isNew = queue.Definition is null;
        queue.Key = record.Key;
        queues.DeadLetters.Define(queue, record.Definition);
        // Most queues have the definition of the one before, and need not keep their own copy of it.
        queue.Definition = record.Definition == _latest ? _latest : _latest = record.Definition;
        queue.State.IsOrdered = record.Definition.Type == QueueType.Fifo;
        queues.LimitReceives(queue);
        queue.CreatedVersion = record.CreatedVersion;
        queue.Version = record.Version;
        queue.CreatedMs = record.CreatedMs;
        queue.ModifiedMs = record.ModifiedMs;
        if (!isNew) return;
        Names.Add(record.Key);
        queues.Publish(queue);
    }
}
