using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Catalog;

/// <summary>A row of messaging_definition, as it is read. What this build would not have written is refused: nothing is served by half of a definition.</summary>
internal sealed record StoredRow(
    string Kind, string Account, string Namespace, string Name, long CreatedVersion, long Version, bool IsDeleting, DateTime CreatedAt, DateTime ModifiedAt,
    string Definition, string? Topic)
{
    private StoredKey Key => new(Kind, Account, Namespace, Name, Topic);

    /// <exception cref="CatalogRefusedException">Not a legal row.</exception>
    public CatalogRow ToRow()
    {
        (long createdMs, long modifiedMs) = (Milliseconds(CreatedAt), Milliseconds(ModifiedAt));
        return Key.ToKind() switch
        {
            ResourceKind.Queue => new CatalogRow.OfQueue(
                Key.ToQueue(), CreatedVersion, Version, IsDeleting, createdMs, modifiedMs, Read(DefinitionJson.ReadQueue, static definition => definition.Validate())),
            ResourceKind.Topic => new CatalogRow.OfTopic(
                Key.ToTopic(), CreatedVersion, Version, IsDeleting, createdMs, modifiedMs, Read(DefinitionJson.ReadTopic, static definition => definition.Validate())),
            ResourceKind.Subscription => new CatalogRow.OfSubscription(
                Key.ToSubscription(), CreatedVersion, Version, IsDeleting, createdMs, modifiedMs, Read(DefinitionJson.ReadSubscription, static definition => definition.Validate())),
        };
    }

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private TDefinition Read<TDefinition>(Func<string, TDefinition> read, Func<TDefinition, BrokerError?> validate)
    {
        try
        {
            TDefinition definition = read(Definition);
            return validate(definition) is { } wrong ? throw Refused(wrong.Detail) : definition;
        }
        catch (JsonException fault)
        {
            throw Refused(fault.Message);
        }
    }

    private CatalogRefusedException Refused(string why) =>
        new($"The definition of the {Key} in Postgres is not one that this build knows: {why.ReplaceLineEndings(" ")}");
}
