using System.Buffers;
using Messaging.Broker.Access;
using Messaging.Broker.Copies;
using Messaging.Broker.Documents;
using Messaging.Broker.Messages;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.Catalog;

/// <summary>Entries of the system stream: those of queues as they are written, and the fold of all of them into the catalog. The bytes: docs/formats.md.</summary>
internal static class CatalogEntries
{
    /// <summary>The fold.</summary>
    public static void Apply(LocalCatalog catalog, ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(entry);
        var kind = (CatalogEntryKind)reader.Byte();
        switch (kind)
        {
            case CatalogEntryKind.Keys:
                catalog.ApplyKeys(reader.Bytes(), reader.Bytes());
                break;
            case CatalogEntryKind.QueuePut:
                catalog.ApplyPut(CatalogRecord.ReadOld(ref reader));
                break;
            case CatalogEntryKind.QueueDefined:
                catalog.ApplyPut(CatalogRecord.Read(ref reader));
                break;
            case CatalogEntryKind.QueueDeleted:
                catalog.ApplyDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.Reached:
                catalog.ApplyReached(reader.Unsigned());
                break;
            case CatalogEntryKind.AccessKeyPut:
                catalog.AccessKeys.ApplyPut(AccessKeyTable.Read(ref reader));
                break;
            case CatalogEntryKind.AccessKeyDeleted:
                catalog.AccessKeys.ApplyDeleted(AccessKeyTable.Text(ref reader));
                break;
            case CatalogEntryKind.TopicDefined:
                catalog.ApplyPut(TopicRecord.Read(ref reader));
                break;
            case CatalogEntryKind.TopicDeleted:
                catalog.ApplyTopicDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionDefined:
                catalog.ApplyPut(SubscriptionRecord.Read(ref reader));
                break;
            case CatalogEntryKind.SubscriptionDeleted:
                catalog.ApplySubscriptionDeleted(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionQueue:
                catalog.Subscriptions.ApplyQueue(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionGathers:
                catalog.Subscriptions.ApplyGathers(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionDrained:
                catalog.Subscriptions.ApplyDrained(reader.Unsigned());
                break;
            case CatalogEntryKind.ReplayStarted:
                catalog.Subscriptions.ApplyReplay(reader.Unsigned(), LiveReplay.Read(ref reader));
                break;
            case CatalogEntryKind.ReplayFailed:
                catalog.Subscriptions.ApplyReplayFailed(reader.Unsigned());
                break;
            case CatalogEntryKind.ReplayEnded:
                catalog.ApplyReplayEnded(reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionConfirmed:
                catalog.Subscriptions.ApplyConfirmed(reader.Unsigned());
                break;
            case CatalogEntryKind.DocumentPut:
                catalog.Documents.ApplyPut(DocumentTable.Read(ref reader), DocumentTable.Text(ref reader));
                break;
            case CatalogEntryKind.DocumentDeleted:
                catalog.Documents.ApplyDeleted(DocumentTable.Read(ref reader));
                break;
            case CatalogEntryKind.SigningKey:
                catalog.SigningKey = reader.Bytes().ToArray();
                break;
            case CatalogEntryKind.CopyStarted:
                catalog.Copies.ApplyStarted(CopyTable.Read(ref reader));
                break;
            case CatalogEntryKind.CopyProgressed:
                catalog.Copies.ApplyProgressed(reader.Unsigned(), reader.Unsigned());
                break;
            case CatalogEntryKind.SubscriptionPaused:
                catalog.Subscriptions.ApplyPaused(reader.Unsigned(), reader.Int32() != 0);
                break;
            case >= CatalogEntryKind.ProducerTaken and <= CatalogEntryKind.ProducerForgotten:
                ProducerEntries.TryApply(catalog.Producers, kind, ref reader);
                break;
            default:
                if (!catalog.Operations.TryApply(kind, ref reader, out long time)) throw EntryReader.Malformed();
                catalog.ApplyTime(time);
                break;
        }
    }

    /// <summary>A queue as it is now; control plane, so that an array a call is fine.</summary>
    public static byte[] QueueDefined(CatalogRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteQueueDefined(buffer, record);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same into a buffer of the caller's.</summary>
    public static void WriteQueueDefined(IBufferWriter<byte> destination, CatalogRecord record)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.QueueDefined);
        record.Write(ref writer);
        writer.Flush();
    }

    public static byte[] QueueDeleted(long streamId, long version) => Deleted(CatalogEntryKind.QueueDeleted, streamId, version);

    public static byte[] TopicDeleted(long firstStreamId, long version) => Deleted(CatalogEntryKind.TopicDeleted, firstStreamId, version);

    public static byte[] Reached(long version)
    {
        var writer = new EntryWriter(new byte[1 + EntryWriter.VarintBytesMax]);
        writer.Byte((byte)CatalogEntryKind.Reached);
        writer.Unsigned(version);
        return writer.Written.ToArray();
    }

    public static byte[] Keys(ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> receiptKey)
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
}
