namespace Messaging.Broker.Catalog;

/// <summary>All definitions of an account at one moment, each kind by namespace and name in ordinal order, and the catalog's version at that moment. Immutable.</summary>
public sealed record CatalogDefinitions(DefinitionsDocument Document, long Version);
