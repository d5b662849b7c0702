namespace Messaging.Broker.Catalog;

/// <summary>
/// The truth and the data folder don't belong together, or the truth was made by a newer build: the server does not start on them until an
/// operator decides. The message names both sides, in one line.
/// </summary>
public sealed class CatalogRefusedException(string message, bool isContradiction = false) : Exception(message)
{
    /// <summary>A <see cref="CatalogChoice"/> resolves it.</summary>
    public bool IsContradiction { get; } = isContradiction;
}
