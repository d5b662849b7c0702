namespace Messaging.Broker.Catalog;

/// <summary>What a start makes of the head that it finds. Pure: the whole table of packages' rules stands here and is tested here.</summary>
internal static class CatalogRules
{
    /// <summary>Why this catalog and this mirror must not be brought together by themselves, naming both; null when they may.</summary>
    public static string? Conflict(CatalogHead? head, in MirrorMark mirror)
    {
        if (head is null)
        {
            return mirror.Queues + mirror.Topics == 0
                ? null
                : $"The catalog in Postgres is empty, and the data folder has {mirror.Queues} queues and {mirror.Topics} topics (cluster {mirror.ClusterId}, version {mirror.Version}).";
        }

        if (head.ClusterId != mirror.ClusterId)
        {
            return $"The catalog in Postgres is of another cluster: {head.ClusterId} at version {head.Version}; "
                + $"the data folder is of {mirror.ClusterId} at version {mirror.Version}.";
        }

        if (head.NodeId != mirror.NodeId)
        {
            return $"The catalog in Postgres belongs to another data folder: that of node {head.NodeId}; this one is of node {mirror.NodeId}.";
        }

        return head.Version >= mirror.Version
            ? null
            : $"The catalog in Postgres is older than the data folder: version {head.Version} against {mirror.Version} (cluster {mirror.ClusterId}).";
    }

    /// <summary>The same for a server that has claimed the catalog before, as <paramref name="own"/>, and comes back to it.</summary>
    public static string? ConflictAgain(CatalogHead? head, CatalogHead own, in MirrorMark mirror)
    {
        if (head is null) return "The catalog in Postgres has been emptied while this server runs on it.";
        if (Conflict(head, mirror) is { } conflict) return conflict;
        if (head.Epoch > own.Epoch)
        {
            return $"Another process has taken over the catalog (owner's epoch {head.Epoch}, this process has {own.Epoch}): is a copy of the data folder running?";
        }

        return head.Epoch == own.Epoch
            ? null
            : $"The catalog in Postgres was set back: its owner's epoch is {head.Epoch}, this process has {own.Epoch}.";
    }
}

/// <summary>How far the mirror has come, and whose it is.</summary>
internal readonly record struct MirrorMark(Guid ClusterId, Guid NodeId, long Version, int Queues, int Topics);
