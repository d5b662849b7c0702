using Messaging.Storage;

namespace Messaging.Broker;

/// <summary>Bound once in the host; plain values below.</summary>
public sealed record BrokerOptions
{
    /// <summary>
    /// The engine's own. Its randomness makes the server's keys too. Without its threads the broker has no heartbeat either: the simulation drives both.
    /// </summary>
    public LogEngineOptions Engine { get; init; } = new();
}
