namespace Messaging.Broker.Catalog;

/// <summary>Which side holds where Postgres and the data folder contradict each other: an operator's word for one start.</summary>
public enum CatalogChoice
{
    /// <summary>Nobody has decided: the server does not start.</summary>
    None,

    /// <summary>Postgres's definitions. Queues and topics that only the mirror knows are kept, and added to Postgres.</summary>
    Postgres,

    /// <summary>The mirror's: Postgres is rewritten from it.</summary>
    Mirror,
}
