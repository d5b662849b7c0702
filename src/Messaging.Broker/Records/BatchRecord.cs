namespace Messaging.Broker.Records;

/// <summary>A record that goes into a batch: milliseconds since 1970, and what a <see cref="Messaging.Storage.Records.RecordBodyWriter"/> wrote.</summary>
internal readonly record struct BatchRecord(long TimestampMs, ReadOnlyMemory<byte> Body);
