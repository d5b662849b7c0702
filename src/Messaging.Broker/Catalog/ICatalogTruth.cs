using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Where definitions are the truth when it is not the log: Postgres. The log's catalog is then its mirror, which serves every read. One
/// instance a broker, which calls one operation at a time. What can't be reached is a <see cref="CatalogUnavailableException"/>, what must not
/// be used a <see cref="CatalogRefusedException"/>. Every write is conditional on the head that the writer has seen.
/// </summary>
public interface ICatalogTruth : IAsyncDisposable
{
    /// <summary>Connects, brings the schema up to date and reads the head; null where no server has claimed it.</summary>
    Task<CatalogHead?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Takes a new owner's epoch, if the head still is <paramref name="seen"/>: the new head, or null where it is not.</summary>
    Task<CatalogHead?> ClaimAsync(CatalogHead? seen, CatalogClaim claim, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the rows, of which one that deletes a topic also takes away all rows of its subscriptions, and advances the version to that of the last one, in one transaction; deleted rows that the mirror has dropped, up to
    /// <paramref name="mirrorVersion"/>, go. Whether an attempt whose answer was lost has happened is read back before the next one.
    /// False where the head is not <paramref name="head"/> any more: nothing was written.
    /// </summary>
    Task<bool> WriteAsync(CatalogHead head, long mirrorVersion, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken);

    /// <summary>What was created after this version, whatever became of it; what was deleted and created again counts as new.</summary>
    Task<IReadOnlyList<ResourceKey>> CreatedAfterAsync(long version, CancellationToken cancellationToken);

    /// <summary>Rows that changed after this version, of all kinds together, ascending by version.</summary>
    Task<IReadOnlyList<CatalogRow>> ChangedAfterAsync(long version, int limit, CancellationToken cancellationToken);

    /// <summary>How many queues, topics and subscriptions there are.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Their names.</summary>
    Task<IReadOnlySet<ResourceKey>> KeysAsync(CancellationToken cancellationToken);
}
