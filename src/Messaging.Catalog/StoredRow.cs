using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Catalog;

namespace Messaging.Catalog;

/// <summary>A row of messaging_definition, as it is read. What this build would not have written is refused: nothing is served by half of a definition.</summary>
internal sealed record StoredRow(
    string Kind, string Account, string Namespace, string Name, long CreatedVersion, long Version, bool IsDeleting, DateTime CreatedAt, DateTime ModifiedAt,
    string Definition)
{
    private StoredKey Key => new(Kind, Account, Namespace, Name);

    /// <exception cref="CatalogRefusedException">Not a legal row.</exception>
    public CatalogRow ToRow()
    {
        (long createdMs, long modifiedMs) = (Milliseconds(CreatedAt), Milliseconds(ModifiedAt));
        if (Key.IsQueue)
        {
            var queue = new CatalogRow.OfQueue(Key.ToQueue(), CreatedVersion, Version, IsDeleting, createdMs, modifiedMs, Read(DefinitionJson.ReadQueue));
            return queue.Definition.Validate() is { } wrong ? throw Refused(wrong) : queue;
        }

        var topic = new CatalogRow.OfTopic(Key.ToTopic(), CreatedVersion, Version, IsDeleting, createdMs, modifiedMs, Read(DefinitionJson.ReadTopic));
        return topic.Definition.Validate() is { } error ? throw Refused(error) : topic;
    }

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private TDefinition Read<TDefinition>(Func<string, TDefinition> read)
    {
        try
        {
            return read(Definition);
        }
        catch (JsonException fault)
        {
            throw Refused(fault.Message);
        }
    }

    private CatalogRefusedException Refused(BrokerError error) => Refused(error.Detail);

    private CatalogRefusedException Refused(string why) =>
        new($"The definition of the {Key} in Postgres is not one that this build knows: {why.ReplaceLineEndings(" ")}");
}
