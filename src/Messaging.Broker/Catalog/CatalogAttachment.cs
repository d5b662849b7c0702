using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Brings the mirror and the truth together, at a start, after an outage, and after a write of which nobody knows whether it has happened:
/// judges the head, claims it once, then lets the mirror catch up. Belongs to the <see cref="CatalogWriter"/>; nobody else changes definitions
/// meanwhile. It may end anywhere, and the next run goes on.
/// </summary>
internal sealed partial class CatalogAttachment(
    QueueHost host, CatalogMirror mirror, ICatalogTruth truth, CatalogChoice choice, ILogger logger)
{
    private const int ClaimsMax = 10;
    private const int NamesLoggedMax = 20;

    /// <summary>As this process has claimed and then moved it; null before.</summary>
    public CatalogHead? Head { get; private set; }

    public void Advance(long version) => Head = Head! with { Version = version };

    /// <summary>Null when the mirror is as the truth, or what the two contradict each other in.</summary>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        CatalogHead? seen = await truth.ReadAsync(cancellationToken);
        string? conflict = Head is null ? await ClaimAsync(seen, cancellationToken) : CatalogRules.ConflictAgain(seen, Head, Mark());
        if (conflict is not null) return conflict;
        Head = Head!.Epoch == seen?.Epoch ? seen : Head;
        if (mirror.Version < Head.Version) await CatchUpAsync(cancellationToken);
        if (await truth.CountAsync(cancellationToken) != mirror.Count) await AddMissingAsync(cancellationToken);
        return null;
    }

    private MirrorMark Mark() => new(host.Engine.ClusterId, host.Engine.NodeId, mirror.Version, mirror.Queues, mirror.Topics);

    private async Task<string?> ClaimAsync(CatalogHead? seen, CancellationToken cancellationToken)
    {
        for (int claims = 0; claims < ClaimsMax; claims++)
        {
            string? conflict = CatalogRules.Conflict(seen, Mark());
            if (conflict is not null && choice == CatalogChoice.None) return conflict;
            if (conflict is not null) LogDecided(logger, conflict, choice);
            else if (choice != CatalogChoice.None) LogNeedless(logger, choice);
            Head = await truth.ClaimAsync(seen, Claim(seen, conflict), cancellationToken);
            if (Head is not null) return null;
            // Another process was faster: what it has left is judged anew.
            seen = await truth.ReadAsync(cancellationToken);
        }

        throw new CatalogUnavailableException("Other processes claim it all the time.");
    }

    private CatalogClaim Claim(CatalogHead? seen, string? conflict)
    {
        MirrorMark mark = Mark();
        if (conflict is null) return new CatalogClaim.AsItIs(mark.ClusterId, mark.NodeId, mark.Version);
        return seen is not null && choice == CatalogChoice.Postgres
            ? new CatalogClaim.Renumbered(mark.ClusterId, mark.NodeId, mark.Version)
            : new CatalogClaim.Rewritten(mark.ClusterId, mark.NodeId, mark.Version, [.. mirror.Keys.Select(key => mirror.Find(key)).OfType<CatalogRow>()]);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        long from = mirror.Version;
        // Before anything raises the mirror's version, by which an older incarnation is known.
        if (mirror.Count > 0) await DropOlderAsync(await truth.CreatedAfterAsync(from, cancellationToken));
        long after = from;
        long to = Head!.Version;
        int changes = 0;
        while (await truth.ChangedAfterAsync(after, CatalogLimits.CatalogPageMax, cancellationToken) is { Count: > 0 } page)
        {
            after = page[^1].Version;
            changes += page.Count;
            var rows = new List<CatalogRow>(page.Count);
            var early = new List<CatalogRow>();
            foreach (CatalogRow row in page)
            {
                if (IsEarly(row, rows)) early.Add(row);
                else if (!await IsReplacedAsync(row, cancellationToken)) rows.Add(row);
            }

            // Before the others raise the mirror's version, behind which nobody looks for rows.
            await PostponeAsync(early, to, cancellationToken);
            await ApplyAsync(rows);
        }

        if (mirror.Version < Head!.Version) await ReachAsync(Head.Version);
        LogCaughtUp(logger, from, Head.Version, changes);
    }

    // Deleted and created again meanwhile: the messages that are here are of the one that was deleted.
    private async Task DropOlderAsync(IReadOnlyList<ResourceKey> created)
    {
        foreach (ResourceKey key in created)
        {
            if (mirror.Find(key, mirror.Version) is { } older) await ApplyAsync([older with { IsDeleting = true }]);
        }
    }

    // Of another history: here the mirror holds, and comes again as the newest row.
    private async Task<bool> IsReplacedAsync(CatalogRow row, CancellationToken cancellationToken)
    {
        if (mirror.InsteadOf(row, Head!.Version + 1) is not { } instead) return false;
        LogReplaced(logger, row.Key.ToString());
        await AddAsync([instead], cancellationToken);
        return true;
    }

    // Its topic was changed after it and comes later.
    private bool IsEarly(CatalogRow row, List<CatalogRow> before)
    {
        if (row is not CatalogRow.OfSubscription { IsDeleting: false } subscription) return false;
        ResourceKey topic = ResourceKey.Of(subscription.Subscription.Topic);
        return mirror.Find(topic) is null && !before.Exists(other => other.Key == topic && !other.IsDeleting);
    }

    // They change places with what comes later, in the truth, so that a crash in between is no loss; once, since all topics have come then.
    private async Task PostponeAsync(List<CatalogRow> early, long to, CancellationToken cancellationToken)
    {
        if (early.Find(row => row.Version > to) is { } lost) throw new CatalogRefusedException($"The catalog in Postgres has the {lost.Key}, and not its topic.");
        if (early.Count > 0) await AddAsync([.. early.Select((row, place) => row with { CreatedVersion = 0, Version = Head!.Version + place + 1 })], cancellationToken);
    }

    private async Task ApplyAsync(List<CatalogRow> rows)
    {
        int first = 0;
        while (first < rows.Count)
        {
            int end = first;
            int bytes = 0;
            for (; end < rows.Count && (end == first || bytes < CatalogLimits.CatalogBatchBytes); end++) bytes += mirror.BytesMax(rows[end]);
            using Admission admission = await AdmitAsync(bytes);
            await Apply(rows, first, end, bytes);
            first = end;
        }
    }

    private ValueTask Apply(List<CatalogRow> rows, int first, int end, int bytes)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            long now = host.Clock.NowMs();
            // A clock that was ahead must not pull this one.
            for (int i = first; i < end; i++)
            {
                CatalogRow row = rows[i];
                mirror.Apply(command, row with { CreatedMs = Math.Min(row.CreatedMs, now), ModifiedMs = Math.Min(row.ModifiedMs, now) });
            }

            synced = command.Commit();
        }

        return synced;
    }

    private async Task ReachAsync(long version)
    {
        using Admission admission = await AdmitAsync(CatalogJournal.ReachBytesMax);
        await Reach(version);
    }

    private ValueTask Reach(long version)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(CatalogJournal.ReachBytesMax))
        {
            mirror.Reach(command, version);
            synced = command.Commit();
        }

        return synced;
    }

    // Nothing dies by a row's absence: what only the mirror knows is added.
    private async Task AddMissingAsync(CancellationToken cancellationToken)
    {
        IReadOnlySet<ResourceKey> known = await truth.KeysAsync(cancellationToken);
        ResourceKey[] missing = [.. mirror.Keys.Where(key => !known.Contains(key))];
        foreach (ResourceKey[] chunk in missing.Chunk(CatalogLimits.CatalogPageMax))
        {
            var rows = new List<CatalogRow>(chunk.Length);
            foreach (ResourceKey key in chunk)
            {
                if (mirror.Find(key, Head!.Version + rows.Count + 1) is { } row) rows.Add(row);
            }

            await AddAsync(rows, cancellationToken);
            await ApplyAsync(rows);
        }

        if (missing.Length == 0) return;
        string more = missing.Length > NamesLoggedMax ? ", ..." : "";
        LogKept(logger, missing.Length, string.Join(", ", missing.Take(NamesLoggedMax)) + more);
    }

    private async Task AddAsync(List<CatalogRow> rows, CancellationToken cancellationToken)
    {
        if (!await truth.WriteAsync(Head!, mirror.Version, rows, cancellationToken)) throw new CatalogUnavailableException("Another process has changed it meanwhile.");
        Advance(rows[^1].Version);
    }

    private async Task<Admission> AdmitAsync(int bytes)
    {
        Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
        return admission.IsRefused ? throw new CatalogUnavailableException("The data folder takes no definitions now.") : admission;
    }

    [LoggerMessage(EventId = 2110, Level = LogLevel.Warning, Message = "{Conflict} By the operator's word, {Choice} holds.")]
    private static partial void LogDecided(ILogger logger, string conflict, CatalogChoice choice);

    [LoggerMessage(EventId = 2111, Level = LogLevel.Warning,
        Message = "Postgres and the data folder don't contradict each other: that {Choice} should hold was not needed.")]
    private static partial void LogNeedless(ILogger logger, CatalogChoice choice);

    [LoggerMessage(EventId = 2112, Level = LogLevel.Information,
        Message = "The data folder has caught up with the catalog in Postgres from version {From} to {To}: {Changes} definitions.")]
    private static partial void LogCaughtUp(ILogger logger, long from, long to, int changes);

    [LoggerMessage(EventId = 2113, Level = LogLevel.Warning,
        Message = "{Count} queues, topics and subscriptions of the data folder were missing in Postgres, are kept, and were added: {Names}.")]
    private static partial void LogKept(ILogger logger, int count, string names);

    [LoggerMessage(EventId = 2114, Level = LogLevel.Warning,
        Message = "The {Resource} is of another type in Postgres, or has fewer partitions, which can't change: there it stays as it is, with its messages.")]
    private static partial void LogReplaced(ILogger logger, string resource);
}
