using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What the catalog stores of one queue. Immutable. <see cref="CatalogEntryKind"/> has the byte table.</summary>
internal sealed record CatalogRecord(long StreamId, QueueKey Key, QueueDefinition Definition, long CreatedVersion, long Version, long CreatedMs, long ModifiedMs)
{
    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(StreamId);
        DefinitionFields.Text(ref writer, Key.Account.Value);
        DefinitionFields.Text(ref writer, Key.Namespace.Value);
        DefinitionFields.Text(ref writer, Key.Name.Value);
        writer.Unsigned(CreatedVersion);
        writer.Unsigned(Version);
        writer.Unsigned(CreatedMs);
        writer.Unsigned(ModifiedMs);
        DefinitionFields.Write(ref writer, Definition);
    }

    public static CatalogRecord Read(ref EntryReader reader)
    {
        long streamId = reader.Unsigned();
        QueueKey key = ReadKey(ref reader);
        long createdVersion = reader.Unsigned();
        long version = reader.Unsigned();
        long created = reader.Unsigned();
        long modified = reader.Unsigned();
        return new CatalogRecord(streamId, key, DefinitionFields.Read(ref reader), createdVersion, version, created, modified);
    }

    /// <summary>The form of <see cref="CatalogEntryKind.QueuePut"/>.</summary>
    public static CatalogRecord ReadOld(ref EntryReader reader)
    {
        long streamId = reader.Unsigned();
        QueueKey key = ReadKey(ref reader);
        long version = reader.Unsigned();
        long created = reader.Unsigned();
        long modified = reader.Unsigned();
        var definition = new QueueDefinition
        {
            Type = (QueueType)reader.Int32(),
            LeaseSeconds = reader.Int32(),
            DelaySeconds = reader.Int32(),
            RetentionSeconds = reader.Int32(),
            ReceiveWaitSeconds = reader.Int32(),
            MaxMessageBytes = reader.Int32(),
            Tags = DefinitionFields.ReadTexts(ref reader),
        };
        return new CatalogRecord(streamId, key, definition, 0, version, created, modified);
    }

    private static QueueKey ReadKey(ref EntryReader reader) =>
        AccountId.TryParse(DefinitionFields.Text(ref reader), out AccountId account)
        && NamespaceName.TryParse(DefinitionFields.Text(ref reader), out NamespaceName space)
        && QueueName.TryParse(DefinitionFields.Text(ref reader), out QueueName name)
            ? new QueueKey(account, space, name)
            : throw EntryReader.Malformed();
}
