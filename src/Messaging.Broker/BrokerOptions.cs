using Messaging.Broker.Catalog;
using Messaging.Broker.Envelopes;
using Messaging.Storage;

namespace Messaging.Broker;

/// <summary>Bound once in the host; plain values below.</summary>
public sealed record BrokerOptions
{
    /// <summary>
    /// The engine's own. Its randomness makes the server's keys too. Without its threads the broker has no heartbeat either: the simulation drives both.
    /// </summary>
    public LogEngineOptions Engine { get; init; } = new();

    /// <summary>Where definitions are the truth, if not in the log: the broker disposes it. See <see cref="MessageBroker.ConnectCatalogAsync"/>.</summary>
    public ICatalogTruth? Truth { get; init; }

    /// <summary>What notifications of topics say of this server.</summary>
    public EnvelopeOptions Envelopes { get; init; } = new();

    /// <summary>Which side holds where the two contradict each other.</summary>
    public CatalogChoice CatalogChoice { get; init; }
}
