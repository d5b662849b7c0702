namespace Messaging.Broker.Topics;

/// <summary>A header of a record, as in Kafka: names may repeat, their order is kept, a value may be null.</summary>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte>? Value);
