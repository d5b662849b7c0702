namespace Messaging.Broker.Catalog;

/// <summary>All definitions of an account at one moment, by namespace and name in ordinal order, and the catalog's version at that moment. Immutable.</summary>
public sealed record QueueDefinitions(IReadOnlyList<QueueDefinitionEntry> Entries, long Version);
