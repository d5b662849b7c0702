namespace Messaging.Broker.Catalog;

/// <summary>Every bound of the catalog, and of changes of many definitions at once, by name; ours.</summary>
public static class CatalogLimits
{
    /// <summary>Definitions of one document (time: it is judged and applied inside the sequencer).</summary>
    public const int DefinitionsMax = 10_000;

    /// <summary>Changes of definitions that wait for the catalog in Postgres.</summary>
    public const int CatalogChangesWaitingMax = 10_000;

    /// <summary>Changes of definitions that one transaction of the catalog in Postgres gathers.</summary>
    public const int CatalogBatchMax = 200;

    /// <summary>Bytes of journal entries at which such a transaction is full. What one change brings is never split.</summary>
    public const int CatalogBatchBytes = 256 * 1024;

    /// <summary>Rows that a mirror asks for at once when it catches up.</summary>
    public const int CatalogPageMax = 1_000;

    /// <summary>Queues and topics that one command of a reset deletes, so that the sequencer is held briefly.</summary>
    public const int ResetBatchMax = 100;
}
