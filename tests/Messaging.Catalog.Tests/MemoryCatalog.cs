using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Catalog.Tests;

/// <summary>
/// The plain model of a truth: what Postgres does, in memory, in a few lines, with faults from a seed: a write that fails has happened or not, and
/// whoever asks next may fail too. It outlives the brokers that connect to it. Thread-safe.
/// </summary>
internal sealed class MemoryCatalog(Random? faults = null)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SortedDictionary<ResourceKey, CatalogRow> _rows =
        new(Comparer<ResourceKey>.Create(static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString())));

    public CatalogHead? Head { get; set; }

    /// <summary>Of a hundred questions, how many fail.</summary>
    public int FaultsPerHundred { get; set; }

    /// <summary>Answers wait for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Completes when somebody waits for an answer that is held.</summary>
    public Task IsHeld => _isHeld.Task;

    /// <summary>Transactions so far.</summary>
    public int Writes { get; private set; }

    public CatalogRow[] Rows
    {
        get
        {
            lock (_lock) return [.. _rows.Values];
        }
    }

    public ICatalogTruth Connect() => new Session(this);

    public void Put(CatalogRow row)
    {
        lock (_lock) _rows[row.Key] = row;
    }

    private async Task<T> Ask<T>(Func<T> ask)
    {
        if (Hold is { } hold)
        {
            _isHeld.TrySetResult();
            await hold.Task;
        }

        lock (_lock)
        {
            Fail();
            T answer = ask();
            Fail();
            return answer;
        }
    }

    private void Fail()
    {
        if (faults?.Next(100) < FaultsPerHundred / 2) throw new CatalogUnavailableException("A fault of the model.");
    }

    private CatalogHead? Claim(CatalogHead? seen, CatalogClaim claim)
    {
        if (Head != seen) return null;
        long version = Math.Max(claim.Version, seen?.Version ?? 0);
        if (claim is CatalogClaim.Rewritten rewritten)
        {
            _rows.Clear();
            foreach (CatalogRow row in rewritten.Rows) _rows[row.Key] = row;
        }
        else if (claim is CatalogClaim.Renumbered)
        {
            CatalogRow[] active = [.. _rows.Values.Where(row => !row.IsDeleting).OrderBy(row => row.Version)];
            _rows.Clear();
            foreach (CatalogRow row in active) _rows[row.Key] = row with { Version = ++version, CreatedVersion = 0 };
        }

        return Head = new CatalogHead(claim.ClusterId, claim.NodeId, version, (seen?.Epoch ?? 0) + 1);
    }

    private bool Write(CatalogHead head, long mirrorVersion, IReadOnlyList<CatalogRow> rows)
    {
        if (Head != head) return false;
        foreach (CatalogRow dropped in _rows.Values.Where(row => row.IsDeleting && row.Version <= mirrorVersion).ToArray()) _rows.Remove(dropped.Key);
        foreach (CatalogRow row in rows)
        {
            if (row is CatalogRow.OfTopic { IsDeleting: true } topic) DropSubscriptions(topic.Topic);
            _rows[row.Key] = row.CreatedVersion == 0 && _rows.TryGetValue(row.Key, out CatalogRow? before) ? row with { CreatedVersion = before.CreatedVersion } : row;
        }

        Head = head with { Version = rows[^1].Version };
        Writes++;
        return true;
    }

    private void DropSubscriptions(TopicKey topic)
    {
        foreach (CatalogRow.OfSubscription gone in _rows.Values.OfType<CatalogRow.OfSubscription>().Where(row => row.Subscription.Topic == topic).ToArray()) _rows.Remove(gone.Key);
    }

    private sealed class Session(MemoryCatalog catalog) : ICatalogTruth
    {
        public Task<CatalogHead?> ReadAsync(CancellationToken cancellationToken) => catalog.Ask(() => catalog.Head);

        public Task<CatalogHead?> ClaimAsync(CatalogHead? seen, CatalogClaim claim, CancellationToken cancellationToken) => catalog.Ask(() => catalog.Claim(seen, claim));

        public Task<bool> WriteAsync(CatalogHead head, long mirrorVersion, IReadOnlyList<CatalogRow> rows, CancellationToken cancellationToken) =>
            catalog.Ask(() => catalog.Write(head, mirrorVersion, rows));

        public Task<IReadOnlyList<ResourceKey>> CreatedAfterAsync(long version, CancellationToken cancellationToken) =>
            catalog.Ask<IReadOnlyList<ResourceKey>>(() => [.. catalog._rows.Values.Where(row => row.CreatedVersion > version).Select(row => row.Key)]);

        // Short pages, so that there are some.
        public Task<IReadOnlyList<CatalogRow>> ChangedAfterAsync(long version, int limit, CancellationToken cancellationToken) =>
            catalog.Ask<IReadOnlyList<CatalogRow>>(() => [.. catalog._rows.Values.Where(row => row.Version > version).OrderBy(row => row.Version).Take(Math.Min(limit, 3))]);

        public Task<long> CountAsync(CancellationToken cancellationToken) => catalog.Ask(() => catalog._rows.Values.LongCount(row => !row.IsDeleting));

        public Task<IReadOnlySet<ResourceKey>> KeysAsync(CancellationToken cancellationToken) =>
            catalog.Ask<IReadOnlySet<ResourceKey>>(() => catalog._rows.Values.Where(row => !row.IsDeleting).Select(row => row.Key).ToHashSet());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
