using Google.Protobuf;
using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Topics;

/// <summary>
/// A record to publish, as the broker takes it: its bytes stay where the request has them. What a value may be is the broker's to say; here stands only what
/// the wire adds. Hot path.
/// </summary>
internal static class RecordReader
{
    /// <summary>The field that holds the records of a call.</summary>
    public const string Place = "records";

    /// <summary>Counts the records of a stream's request, and what they have.</summary>
    public static RequestParts Count(RepeatedField<V1.OutgoingRecord> records)
    {
        int attributes = 0;
        foreach (V1.OutgoingRecord record in records)
            attributes += record.Attributes.Count + record.Headers.Count;
        return new RequestParts(records.Count, attributes);
    }

    /// <summary>
    /// Reads all records of a call, which stand at <paramref name="place"/>; what is wrong with one is its own refusal. <paramref name="chosen"/>: the partition that all of them go to; null: each says
    /// so itself.
    /// </summary>
    public static Entries<OutgoingRecord> Read(RepeatedField<V1.OutgoingRecord> records, string place, int? chosen = null)
    {
        var entries = Entries<OutgoingRecord>.OfCall(records.Count, place);
        foreach (V1.OutgoingRecord wire in records)
        {
            BrokerError? refusal = Read(wire, chosen, out OutgoingRecord record);
            entries.Add(in record, refusal);
        }
        return entries;
    }

    private static BrokerError? Read(V1.OutgoingRecord wire, int? chosen, out OutgoingRecord record)
    {
        record = default;
        if (Check(wire, chosen) is { } refusal)
            return refusal;
        long timestampMs = 0;
        if (wire.Timestamp is { } time && Times.Read(time, out timestampMs) is { } noTime)
            return Invalid("timestamp", noTime);
        if (Attributes.Read(wire.Attributes, out IReadOnlyList<MessageAttribute>? attributes) is { } refused)
            return refused;
        record = new OutgoingRecord
        {
            Key = Bytes(wire.HasKey, wire.Key),
            Value = Bytes(wire.HasBody, wire.Body),
            ContentType = Pages.Maybe(wire.ContentType),
            Headers = ReadHeaders(wire.Headers),
            Attributes = attributes,
            DeduplicationId = Pages.Maybe(wire.DeduplicationId),
            Subject = Pages.Maybe(wire.Subject),
            TimestampMs = wire.Timestamp is null ? null : timestampMs,
            Partition = chosen ?? (wire.HasPartition ? wire.Partition : null),
            Sequence = wire.HasSequence ? wire.Sequence : null,
        };
        return null;
    }

    private static BrokerError? Check(V1.OutgoingRecord wire, int? chosen)
    {
        if (wire.ContentType.Length > 0 && !ContentTypes.IsValid(wire.ContentType))
            return Invalid("contentType", ContentTypes.Rule);
        if (wire.Timestamp is { Seconds: < 0 })
            return Invalid("timestamp", "A timestamp is a time from 1970 to 9999.");
        if (wire.HasPartition && wire.Partition is < 0 or >= TopicLimits.PartitionsMax)
            return Invalid("partition", $"Must be a whole number from 0 to {TopicLimits.PartitionsMax - 1}.");
        if (wire.HasPartition && chosen is { } partition && wire.Partition != partition)
            return Invalid("partition", $"The call says that the records go to partition {partition}.");
        return wire is { HasSequence: true, Sequence: < 0 } ? Invalid("sequence", $"Must be a whole number from 0 to {int.MaxValue}.") : null;
    }

    private static RecordHeader[]? ReadHeaders(RepeatedField<V1.RecordHeader> wire)
    {
        if (wire.Count == 0)
            return null;
        var headers = new RecordHeader[wire.Count];
        for (int index = 0; index < headers.Length; index++)
            headers[index] = new RecordHeader(wire[index].Name, Bytes(wire[index].HasValue, wire[index].Value));
        return headers;
    }

    // Not by a conditional expression, in which null would become empty memory.
    private static ReadOnlyMemory<byte>? Bytes(bool isThere, ByteString bytes)
    {
        if (!isThere)
            return null;
        return bytes.Memory;
    }

    // The place of the entry is put before it by who knows it.
    private static BrokerError Invalid(string field, string detail) => new(ErrorCode.InvalidValue, detail, "[]." + field);
}
