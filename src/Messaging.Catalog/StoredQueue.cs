using System.Text.Json;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Catalog;

/// <summary>A row of messaging_queue, as it is read. What this build would not have written is refused: nothing is served by half of a definition.</summary>
internal sealed record StoredQueue(
    string Account, string Namespace, string Name, long CreatedVersion, long Version, bool IsDeleting, DateTime CreatedAt, DateTime ModifiedAt, string Definition)
{
    /// <exception cref="CatalogRefusedException">Not a legal row.</exception>
    public CatalogRow ToRow() => new(
        KeyOf(Account, Namespace, Name), CreatedVersion, Version, IsDeleting, Milliseconds(CreatedAt), Milliseconds(ModifiedAt), ReadDefinition());

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public static QueueKey KeyOf(string account, string space, string name) =>
        AccountId.TryParse(account, out AccountId owner) && NamespaceName.TryParse(space, out NamespaceName parsed) && QueueName.TryParse(name, out QueueName queue)
            ? new QueueKey(owner, parsed, queue)
            : throw new CatalogRefusedException($"The catalog in Postgres has a queue of the name {account}/{space}/{name}, which is not a legal one.");

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private QueueDefinition ReadDefinition()
    {
        try
        {
            QueueDefinition definition = DefinitionJson.Read(Definition);
            return definition.Validate() is { } error ? throw Refused(error.Detail) : definition;
        }
        catch (JsonException fault)
        {
            throw Refused(fault.Message);
        }
    }

    private CatalogRefusedException Refused(string why) =>
        new($"The definition of the queue {Account}/{Namespace}/{Name} in Postgres is not one that this build knows: {why.ReplaceLineEndings(" ")}");
}
