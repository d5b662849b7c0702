using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Producers;

/// <summary>The entries of the system stream that speak of producers, and their part of its snapshot.</summary>
/// <remarks>
/// Varints; texts with their length before them; now in ms since 1970:
/// <code>
/// ProducerTaken      14 | now | id
/// ProducerInitiated  15 | now | id | epoch | timeout ms | account | namespace | transactional id
/// TransactionBegan   16 | now | id
/// TransactionEnded   17 | now | id | the epoch from then on | 1 committed, 0 aborted
/// ProducerForgotten  18 | id
/// in the snapshot: last id | last now | count | (id, account, namespace, transactional id, epoch, timeout ms, began ms or 0, last ms, 0 none 1 aborted 2 committed)...
/// </code>
/// docs/formats.md names this page.
/// </remarks>
internal static class ProducerEntries
{
    /// <summary>Most of what an entry without a name has.</summary>
    public const int BytesMax = 1 + (5 * EntryWriter.VarintBytesMax);

    /// <summary>Most of what <see cref="Initiated"/> writes.</summary>
    public const int InitiatedBytesMax = BytesMax + (3 * (EntryWriter.VarintBytesMax + BrokerLimits.NameBytesMax));

    public static ReadOnlySpan<byte> Taken(Span<byte> destination, long now, long id) => Write(destination, CatalogEntryKind.ProducerTaken, now, id);

    public static ReadOnlySpan<byte> Initiated(Span<byte> destination, in ProducerKey key, long id, short epoch, int timeoutMs, long now)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.ProducerInitiated);
        writer.Unsigned(now);
        writer.Unsigned(id);
        writer.Unsigned(epoch);
        writer.Unsigned(timeoutMs);
        Text(ref writer, key.Account.Value);
        Text(ref writer, key.Namespace.Value);
        Text(ref writer, key.Id.Value);
        return writer.Written;
    }

    public static ReadOnlySpan<byte> Began(Span<byte> destination, long now, long id) => Write(destination, CatalogEntryKind.TransactionBegan, now, id);

    public static ReadOnlySpan<byte> Ended(Span<byte> destination, long now, long id, short epoch, bool hasCommitted)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.TransactionEnded);
        writer.Unsigned(now);
        writer.Unsigned(id);
        writer.Unsigned(epoch);
        writer.Unsigned(hasCommitted ? 1 : 0);
        return writer.Written;
    }

    public static ReadOnlySpan<byte> Forgotten(Span<byte> destination, long id)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)CatalogEntryKind.ProducerForgotten);
        writer.Unsigned(id);
        return writer.Written;
    }

    /// <summary>The fold; false where the entry speaks of something else.</summary>
    public static bool TryApply(ProducerRegistry producers, CatalogEntryKind kind, ref EntryReader reader)
    {
        switch (kind)
        {
            case CatalogEntryKind.ProducerTaken:
                long taken = reader.Unsigned();
                producers.ApplyTaken(reader.Unsigned(), taken);
                return true;
            case CatalogEntryKind.ProducerInitiated:
                long now = reader.Unsigned();
                long id = reader.Unsigned();
                (short epoch, int timeoutMs) = ((short)reader.Int32(), reader.Int32());
                producers.ApplyInitiated(ReadKey(ref reader), id, epoch, timeoutMs, now);
                return true;
            case CatalogEntryKind.TransactionBegan:
                long began = reader.Unsigned();
                producers.ApplyBegan(reader.Unsigned(), began);
                return true;
            case CatalogEntryKind.TransactionEnded:
                long ended = reader.Unsigned();
                producers.ApplyEnded(reader.Unsigned(), (short)reader.Int32(), reader.Int32() == 1, ended);
                return true;
            case CatalogEntryKind.ProducerForgotten:
                producers.ApplyForgotten(reader.Unsigned());
                return true;
            default:
                return false;
        }
    }

    public static void Write(ref BufferEntryWriter writer, ProducerRegistry producers)
    {
        writer.Unsigned(producers.LastId);
        writer.Unsigned(producers.LastNowMs);
        writer.Unsigned(producers.Count);
        foreach (TransactionalProducer producer in producers.All)
        {
            writer.Unsigned(producer.Id);
            DefinitionFields.Text(ref writer, producer.Key.Account.Value);
            DefinitionFields.Text(ref writer, producer.Key.Namespace.Value);
            DefinitionFields.Text(ref writer, producer.Key.Id.Value);
            writer.Unsigned(producer.Epoch);
            writer.Unsigned(producer.TimeoutMs);
            writer.Unsigned(producer.BeganMs ?? 0);
            writer.Unsigned(producer.LastMs);
            writer.Unsigned(producer.HasCommitted is { } committed ? committed ? 2 : 1 : 0);
        }
    }

    public static void Restore(ProducerRegistry producers, ref EntryReader reader)
    {
        (long lastId, long lastNow) = (reader.Unsigned(), reader.Unsigned());
        producers.ApplyTaken(lastId, lastNow);
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            long id = reader.Unsigned();
            TransactionalProducer producer = producers.Add(new TransactionalProducer(ReadKey(ref reader), id));
            (short epoch, int timeoutMs, long began, long last) = ((short)reader.Int32(), reader.Int32(), reader.Unsigned(), reader.Unsigned());
            int ended = reader.Int32();
            producer.Restore(epoch, timeoutMs, began == 0 ? null : began, last, ended == 0 ? null : ended == 2);
        }
    }

    private static ReadOnlySpan<byte> Write(Span<byte> destination, CatalogEntryKind kind, long now, long id)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)kind);
        writer.Unsigned(now);
        writer.Unsigned(id);
        return writer.Written;
    }

    private static ProducerKey ReadKey(ref EntryReader reader) =>
        AccountId.TryParse(DefinitionFields.Text(ref reader), out AccountId account)
        && NamespaceName.TryParse(DefinitionFields.Text(ref reader), out NamespaceName space)
        && TransactionalId.TryParse(DefinitionFields.Text(ref reader), out TransactionalId id)
            ? new ProducerKey(account, space, id)
            : throw EntryReader.Malformed();

    private static void Text(ref EntryWriter writer, string text)
    {
        Span<byte> bytes = stackalloc byte[BrokerLimits.NameBytesMax];
        writer.Bytes(bytes[..System.Text.Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
