using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>The catalog as a checkpoint has it: the state of the system stream. The bytes: docs/formats.md. Guarded by the sequencer, or by recovery.</summary>
internal static class CatalogSnapshot
{
    private const byte Version = 6;
    private const byte VersionWithoutSubscriptions = 5;
    private const byte VersionWithoutTopics = 4;
    private const byte VersionWithoutAccessKeys = 3;
    private const byte OldVersion = 1;

    public static void Write(LocalCatalog catalog, QueueDirectory queues, IBufferWriter<byte> destination, long clockMs)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        writer.Unsigned(clockMs);
        writer.Unsigned(catalog.Version);
        writer.Bytes(catalog.IdKey);
        writer.Bytes(catalog.ReceiptKey);
        int named = 0;
        for (int i = 0; i < queues.Count; i++) named += queues[i].Subscription is null ? 1 : 0;
        writer.Unsigned(named);
        for (int i = 0; i < queues.Count; i++)
        {
            if (queues[i].Subscription is null) Record(queues[i]).Write(ref writer);
        }

        catalog.Operations.Operations.Write(ref writer);
        catalog.AccessKeys.Write(ref writer);
        catalog.Topics.Write(ref writer);
        ProducerEntries.Write(ref writer, catalog.Producers);
        catalog.Subscriptions.Write(ref writer);
        writer.Bytes(catalog.SigningKey);
        catalog.Copies.Write(ref writer);
        catalog.Documents.Write(ref writer);
        writer.Flush();
    }

    public static void Restore(LocalCatalog catalog, ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        byte version = reader.Byte();
        if (version is < OldVersion or > Version) throw EntryReader.Malformed();
        catalog.ApplyTime(reader.Unsigned());
        catalog.ApplyReached(reader.Unsigned());
        byte[] idKey = reader.Bytes().ToArray();
        byte[] receiptKey = reader.Bytes().ToArray();
        if (idKey.Length == MessageKeys.KeyBytes) catalog.ApplyKeys(idKey, receiptKey);
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            catalog.ApplyPut(version == OldVersion ? CatalogRecord.ReadOld(ref reader) : CatalogRecord.Read(ref reader));
        }

        if (version >= VersionWithoutAccessKeys) catalog.Operations.Operations.Restore(ref reader);
        if (version >= VersionWithoutTopics) catalog.AccessKeys.Restore(ref reader);
        if (version < VersionWithoutSubscriptions) return;
        catalog.Topics.Restore(ref reader);
        ProducerEntries.Restore(catalog.Producers, ref reader);
        if (version < Version) return;
        catalog.Subscriptions.Restore(ref reader);
        byte[] signingKey = reader.Bytes().ToArray();
        if (signingKey.Length > 0) catalog.SigningKey = signingKey;
        catalog.Copies.Restore(ref reader);
        catalog.Documents.Restore(ref reader);
    }

    private static CatalogRecord Record(LiveQueue queue) =>
        new(queue.Stream.Id, queue.Key, queue.Definition!, queue.CreatedVersion, queue.Version, queue.CreatedMs, queue.ModifiedMs);
}
