using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.Catalog;

/// <summary>What the catalog stores of one subscription. Immutable. <see cref="CatalogEntryKind"/> has the byte table.</summary>
/// <param name="Key">The subscription.</param>
/// <param name="Definition">As it is from then on.</param>
/// <param name="Number">The catalog's version at which it was created in this log.</param>
/// <param name="Version">The version of its latest change.</param>
/// <param name="CreatedMs">Milliseconds since 1970.</param>
/// <param name="ModifiedMs">Milliseconds since 1970.</param>
internal sealed record SubscriptionRecord(SubscriptionKey Key, SubscriptionDefinition Definition, long Number, long Version, long CreatedMs, long ModifiedMs)
{
    public static SubscriptionRecord Of(LiveSubscription subscription) => new(
        subscription.Key, subscription.Definition, subscription.Number, subscription.Version, subscription.CreatedMs, subscription.ModifiedMs);

    public void Write(ref BufferEntryWriter writer)
    {
        DefinitionFields.Text(ref writer, Key.Topic.Account.Value);
        DefinitionFields.Text(ref writer, Key.Topic.Namespace.Value);
        DefinitionFields.Text(ref writer, Key.Topic.Name.Value);
        DefinitionFields.Text(ref writer, Key.Name.Value);
        writer.Unsigned(Number);
        writer.Unsigned(Version);
        writer.Unsigned(CreatedMs);
        writer.Unsigned(ModifiedMs);
        SubscriptionFields.Write(ref writer, Definition);
    }

    public static SubscriptionRecord Read(ref EntryReader reader)
    {
        TopicKey topic = TopicRecord.ReadKey(ref reader);
        if (!SubscriptionName.TryParse(DefinitionFields.Text(ref reader), out SubscriptionName name)) throw EntryReader.Malformed();
        (long number, long version, long created, long modified) = (reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), reader.Unsigned());
        return new SubscriptionRecord(new SubscriptionKey(topic, name), SubscriptionFields.Read(ref reader), number, version, created, modified);
    }
}
