using System.Buffers;
using Messaging.Broker.Access;
using Messaging.Broker.Copies;
using Messaging.Broker.Documents;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The embedded catalog: definitions in memory, kept as entries of the system stream and in its snapshot, with the server's keys and the access keys of clients. The truth
/// by itself, or the mirror of an <see cref="ICatalogTruth"/>.
/// Guarded by the sequencer, or by recovery; only <see cref="Names"/> and <see cref="AccessKeys"/> may be asked at any time.
/// </summary>
internal sealed class LocalCatalog(QueueDirectory queues, TopicDirectory topics)
{
    private const byte SnapshotVersion = 6;
    private const byte SnapshotVersionWithoutSubscriptions = 5;
    private const byte SnapshotVersionWithoutTopics = 4;
    private const byte SnapshotVersionWithoutAccessKeys = 3;
    private const byte OldSnapshotVersion = 1;

    // Definitions whose streams have not come yet: recovery only.
    private readonly Dictionary<long, CatalogRecord> _unattached = [];
    private QueueDefinition? _latest;
    private byte[]? _idKey;
    private byte[]? _receiptKey;

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

    public bool HasKeys => _idKey is not null;

    /// <summary>The names of queues, looked up by anyone.</summary>
    public NameIndex<QueueKey> Names { get; } = new();

    public int Count => Names.Count;

    public MessageKeys NewKeys() => new(_idKey, _receiptKey);

    /// <summary>The fold.</summary>
    public void Apply(ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(entry);
        var kind = (CatalogEntryKind)reader.Byte();
        switch (kind)
        {
            case CatalogEntryKind.Keys:
                ApplyKeys(reader.Bytes(), reader.Bytes());
                break;
            case CatalogEntryKind.QueuePut:
                ApplyPut(CatalogRecord.ReadOld(ref reader));
                break;
            case CatalogEntryKind.QueueDefined:
                ApplyPut(CatalogRecord.Read(ref reader));
                break;
            case CatalogEntryKind.QueueDeleted:
                ApplyDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.Reached:
                ApplyReached(reader.Unsigned());
                break;
            case CatalogEntryKind.AccessKeyPut:
                AccessKeys.ApplyPut(AccessKeyTable.Read(ref reader));
                break;
            case CatalogEntryKind.AccessKeyDeleted:
                AccessKeys.ApplyDeleted(AccessKeyTable.Text(ref reader));
                break;
            case CatalogEntryKind.TopicDefined:
                ApplyPut(TopicRecord.Read(ref reader));
                break;
            case CatalogEntryKind.TopicDeleted:
                ApplyTopicDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionDefined:
                ApplyPut(SubscriptionRecord.Read(ref reader));
                break;
            case CatalogEntryKind.SubscriptionDeleted:
                ApplySubscriptionDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionQueue:
                Subscriptions.ApplyQueue(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionGathers:
                Subscriptions.ApplyGathers(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionDrained:
                Subscriptions.ApplyDrained(reader.Unsigned());
                break;
            case CatalogEntryKind.ReplayStarted:
                Subscriptions.ApplyReplay(reader.Unsigned(), LiveReplay.Read(ref reader));
                break;
            case CatalogEntryKind.ReplayFailed:
                Subscriptions.ApplyReplayFailed(reader.Unsigned());
                break;
            case CatalogEntryKind.ReplayEnded:
                ApplyReplayEnded(reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionConfirmed:
                Subscriptions.ApplyConfirmed(reader.Unsigned());
                break;
            case CatalogEntryKind.DocumentPut:
                Documents.ApplyPut(DocumentTable.Read(ref reader), DocumentTable.Text(ref reader));
                break;
            case CatalogEntryKind.DocumentDeleted:
                Documents.ApplyDeleted(DocumentTable.Read(ref reader));
                break;
            case CatalogEntryKind.SigningKey:
                SigningKey = reader.Bytes().ToArray();
                break;
            case CatalogEntryKind.CopyStarted:
                Copies.ApplyStarted(CopyTable.Read(ref reader));
                break;
            case CatalogEntryKind.CopyProgressed:
                Copies.ApplyProgressed(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionPaused:
                Subscriptions.ApplyPaused(reader.Unsigned(), reader.Int32() != 0);
                break;
            case >= CatalogEntryKind.ProducerTaken and <= CatalogEntryKind.ProducerForgotten:
                ProducerEntries.TryApply(Producers, kind, ref reader);
                break;
            default:
                if (!Operations.TryApply(kind, ref reader, out long time)) throw EntryReader.Malformed();
                ClockMs = Math.Max(ClockMs, time);
                break;
        }
    }

    public void ApplyKeys(ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> receiptKey) => (_idKey, _receiptKey) = (idKey.ToArray(), receiptKey.ToArray());

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

    public void Write(IBufferWriter<byte> destination, long clockMs)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(SnapshotVersion);
        writer.Unsigned(clockMs);
        writer.Unsigned(Version);
        writer.Bytes(_idKey);
        writer.Bytes(_receiptKey);
        int named = 0;
        for (int i = 0; i < queues.Count; i++) named += queues[i].Subscription is null ? 1 : 0;
        writer.Unsigned(named);
        for (int i = 0; i < queues.Count; i++)
        {
            if (queues[i].Subscription is null) Record(queues[i]).Write(ref writer);
        }

        Operations.Operations.Write(ref writer);
        AccessKeys.Write(ref writer);
        Topics.Write(ref writer);
        ProducerEntries.Write(ref writer, Producers);
        Subscriptions.Write(ref writer);
        writer.Bytes(SigningKey);
        Copies.Write(ref writer);
        Documents.Write(ref writer);
        writer.Flush();
    }

    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        byte version = reader.Byte();
        if (version is < OldSnapshotVersion or > SnapshotVersion) throw EntryReader.Malformed();
        ClockMs = reader.Unsigned();
        Version = reader.Unsigned();
        byte[] idKey = reader.Bytes().ToArray();
        byte[] receiptKey = reader.Bytes().ToArray();
        if (idKey.Length == MessageKeys.KeyBytes) ApplyKeys(idKey, receiptKey);
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            ApplyPut(version == OldSnapshotVersion ? CatalogRecord.ReadOld(ref reader) : CatalogRecord.Read(ref reader));
        }

        if (version >= SnapshotVersionWithoutAccessKeys) Operations.Operations.Restore(ref reader);
        if (version >= SnapshotVersionWithoutTopics) AccessKeys.Restore(ref reader);
        if (version < SnapshotVersionWithoutSubscriptions) return;
        Topics.Restore(ref reader);
        ProducerEntries.Restore(Producers, ref reader);
        if (version < SnapshotVersion) return;
        Subscriptions.Restore(ref reader);
        byte[] signingKey = reader.Bytes().ToArray();
        if (signingKey.Length > 0) SigningKey = signingKey;
        Copies.Restore(ref reader);
        Documents.Restore(ref reader);
    }

    /// <summary>The bytes of an entry; control plane, so that an array a call is fine.</summary>
    public static byte[] Entry(CatalogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteEntry(buffer, record);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same into a buffer of the caller's.</summary>
    public static void WriteEntry(IBufferWriter<byte> destination, CatalogRecord record)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.QueueDefined);
        record.Write(ref writer);
        writer.Flush();
    }

    public static byte[] DeletedEntry(long streamId, long version) => Deleted(CatalogEntryKind.QueueDeleted, streamId, version);

    public static byte[] TopicDeletedEntry(long firstStreamId, long version) => Deleted(CatalogEntryKind.TopicDeleted, firstStreamId, version);

    public static byte[] ReachedEntry(long version)
    {
        var writer = new EntryWriter(new byte[1 + EntryWriter.VarintBytesMax]);
        writer.Byte((byte)CatalogEntryKind.Reached);
        writer.Unsigned(version);
        return writer.Written.ToArray();
    }

    public static byte[] KeysEntry(ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> receiptKey)
    {
        var writer = new EntryWriter(new byte[3 + (2 * MessageKeys.KeyBytes)]);
        writer.Byte((byte)CatalogEntryKind.Keys);
        writer.Bytes(idKey);
        writer.Bytes(receiptKey);
        return writer.Written.ToArray();
    }

    private static byte[] Deleted(CatalogEntryKind kind, long streamId, long version)
    {
        var writer = new EntryWriter(new byte[1 + (2 * EntryWriter.VarintBytesMax)]);
        writer.Byte((byte)kind);
        writer.Unsigned(streamId);
        writer.Unsigned(version);
        return writer.Written.ToArray();
    }

    private static CatalogRecord Record(LiveQueue queue) =>
        new(queue.Stream.Id, queue.Key, queue.Definition!, queue.CreatedVersion, queue.Version, queue.CreatedMs, queue.ModifiedMs);

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
