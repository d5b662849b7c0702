using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What the catalog stores of one queue. Immutable. <see cref="CatalogEntryKind"/> has the byte table.</summary>
internal sealed record CatalogRecord(long StreamId, QueueKey Key, QueueDefinition Definition, long Version, long CreatedMs, long ModifiedMs)
{
    /// <summary>More than any definition takes.</summary>
    public const int BytesMax = 64 * 1024;

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(StreamId);
        Text(ref writer, Key.Account.Value);
        Text(ref writer, Key.Namespace.Value);
        Text(ref writer, Key.Name.Value);
        writer.Unsigned(Version);
        writer.Unsigned(CreatedMs);
        writer.Unsigned(ModifiedMs);
        writer.Unsigned((int)Definition.Type);
        writer.Unsigned(Definition.LeaseSeconds);
        writer.Unsigned(Definition.DelaySeconds);
        writer.Unsigned(Definition.RetentionSeconds);
        writer.Unsigned(Definition.ReceiveWaitSeconds);
        writer.Unsigned(Definition.MaxMessageBytes);
        writer.Unsigned(Definition.Tags.Count);
        foreach ((string key, string value) in Definition.Tags)
        {
            Text(ref writer, key);
            Text(ref writer, value);
        }
    }

    public static CatalogRecord Read(ref EntryReader reader)
    {
        long streamId = reader.Unsigned();
        if (!AccountId.TryParse(Text(ref reader), out AccountId account)
            || !NamespaceName.TryParse(Text(ref reader), out NamespaceName space)
            || !QueueName.TryParse(Text(ref reader), out QueueName name))
        {
            throw EntryReader.Malformed();
        }

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
        };
        int tagCount = reader.Int32();
        if (tagCount > 0)
        {
            var tags = new Dictionary<string, string>(tagCount, StringComparer.Ordinal);
            for (; tagCount > 0; tagCount--) tags.Add(Text(ref reader), Text(ref reader));
            definition = definition with { Tags = tags };
        }

        return new CatalogRecord(streamId, new QueueKey(account, space, name), definition, version, created, modified);
    }

    private static void Text(ref BufferEntryWriter writer, string text) => writer.Bytes(Encoding.UTF8.GetBytes(text));

    private static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
