using System.Text;
using Google.Protobuf;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Topics;

/// <summary>
/// Records, and places of them, as the wire has them. A fetched record is copied: what it lies in is lent only until the next one is read. Hot path.
/// </summary>
internal static class RecordWriter
{
    public static readonly OutcomeError<PublishOutcome> ErrorOf = static (in PublishOutcome outcome) => outcome.Error;

    /// <summary>The record that the reader is on.</summary>
    public static V1.Record Of(in FetchedRecordReader record)
    {
        var wire = new V1.Record { Offset = record.Offset };
        if (!record.KeyIsNull)
            wire.Key = ByteString.CopyFrom(record.Key);
        if (!record.ValueIsNull)
            wire.Body = ByteString.CopyFrom(record.Value);
        if (!record.ContentType.IsEmpty)
            wire.ContentType = Encoding.UTF8.GetString(record.ContentType);
        if (record.TimestampMs >= 0)
            wire.Timestamp = Times.Of(record.TimestampMs);
        FetchedHeaderEnumerator headers = record.Headers;
        while (headers.MoveNext())
        {
            var header = new V1.RecordHeader { Name = Encoding.UTF8.GetString(headers.Name) };
            if (!headers.ValueIsNull)
                header.Value = ByteString.CopyFrom(headers.Value);
            wire.Headers.Add(header);
        }
        return wire;
    }

    public static V1.PublishResult Of(in PublishOutcome outcome, V1.EntryError? error) => error is not null
        ? new V1.PublishResult { Error = error }
        : new V1.PublishResult { Partition = outcome.Partition, Offset = outcome.Offset, Duplicate = outcome.IsDuplicate };

    public static V1.PartitionOffsets Of(int partition, PartitionOffsets offsets) =>
        new() { Partition = partition, LowOffset = offsets.Low, HighWatermark = offsets.HighWatermark, LastStableOffset = offsets.LastStable };

    public static V1.Partition Of(PartitionDescription partition) => new() { Offsets = Of(partition.Number, partition.Offsets), Bytes = partition.Bytes };

    /// <summary>Without a timestamp where no record is of that place.</summary>
    public static V1.FoundOffset Of(FoundOffset found) =>
        new() { Partition = found.Partition, Offset = found.Offset, Timestamp = found.TimestampMs is { } timestampMs ? Times.Of(timestampMs) : null };
}
