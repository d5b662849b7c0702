namespace Messaging.Broker.Topics.Compaction;

/// <summary>Offsets from the first one up to, but without, <paramref name="End"/>.</summary>
internal readonly record struct OffsetRange(long From, long End);
