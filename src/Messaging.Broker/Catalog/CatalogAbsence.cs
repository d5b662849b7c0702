namespace Messaging.Broker.Catalog;

/// <summary>Why definitions can't change: the truth can't be reached, or contradicts the data folder. A value.</summary>
internal sealed record CatalogAbsence(string Detail, bool IsConflict)
{
    /// <summary>A start with a <see cref="CatalogChoice"/> resolves it.</summary>
    public bool IsContradiction { get; init; }

    public BrokerError Error { get; } = new(ErrorCode.CatalogUnavailable, IsConflict
        ? $"Definitions can't change: {Detail}"
        : "Definitions can't change: the catalog in Postgres can't be reached.");
}
