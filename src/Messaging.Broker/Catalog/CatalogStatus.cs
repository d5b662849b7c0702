namespace Messaging.Broker.Catalog;

/// <summary>Whether definitions can change. What exists is served in any case.</summary>
public enum CatalogStatus
{
    /// <summary>They can.</summary>
    Available,

    /// <summary>The truth can't be reached; it is looked for again.</summary>
    Unreachable,

    /// <summary>The truth contradicts the data folder, or another process has taken it over: an operator must look.</summary>
    Conflicting,
}
