namespace Messaging.Broker.Records;

/// <summary>How a producer's transaction ended in one partition, and the epoch of the coordinator that said so.</summary>
internal readonly record struct ControlMarker(bool IsCommit, int CoordinatorEpoch);
