using System.Text;
using System.Text.Unicode;
using Messaging.Broker.Messages;
using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>The check of a producer's records, one by one, in a batch whose header was found right. Hot path: no allocation unless it refuses.</summary>
internal static class RecordValidator
{
    /// <summary>Kafka's word for a record without a time.</summary>
    private const long NoTimestamp = -1;

    /// <summary>The first rule that the records break, which are decompressed; null when there is none.</summary>
    public static BrokerError? Validate(in RecordBatchHeader header, ReadOnlySpan<byte> bytes, in BatchRules rules)
    {
        var records = new RecordEnumerator(header, bytes);
        long maxTimestamp = NoTimestamp;
        int index = 0;
        while (records.MoveNext())
        {
            if (records.OffsetDelta != index)
            {
                return new BrokerError(ErrorCode.BatchInvalid, $"The offset delta of record {index} is {records.OffsetDelta}; a producer's records are numbered without gaps.", Field(index));
            }

            // Of more bits than a sum of two lies can have.
            Int128 timestamp = (Int128)header.BaseTimestamp + records.TimestampDelta;
            if (timestamp < NoTimestamp || timestamp > long.MaxValue)
            {
                return Invalid($"The timestamp of record {index} is {timestamp}; it is 0 or more, or -1 for none.", index);
            }

            if (CheckBody(records.Body, rules, index) is { } refusal) return refusal;
            maxTimestamp = Math.Max(maxTimestamp, (long)timestamp);
            index++;
        }

        if (records.Malformed)
        {
            return new BrokerError(
                ErrorCode.BatchInvalid,
                index < header.Count ? $"Record {index} of {header.Count} can't be read in {bytes.Length} bytes." : $"There are bytes after the last of {header.Count} records.",
                index < header.Count ? Field(index) : null);
        }

        return rules.AppendTime || maxTimestamp == header.MaxTimestamp
            ? null
            : new BrokerError(ErrorCode.BatchInvalid, $"The batch says that its maximum timestamp is {header.MaxTimestamp}; that of its records is {maxTimestamp}.");
    }

    private static BrokerError? CheckBody(ReadOnlySpan<byte> body, in BatchRules rules, int index)
    {
        // Else a batch of a few bytes would bring a record that no answer has room for. Kafka's own producers refuse it before they compress (max.request.size).
        if (body.Length > rules.BytesMax) return new BrokerError(ErrorCode.MessageTooLarge, $"Record {index} has {body.Length} bytes; the topic takes at most {rules.BytesMax}.", Field(index));
        if (!RecordBodyReader.TryRead(body, out RecordBodyReader reader)) return Unreadable(body, index);
        if (reader.KeyIsNull && rules.KeyRequired) return Invalid($"Record {index} has no key, and the topic is compacted.", index);
        RecordHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext())
        {
            if (!Utf8.IsValid(headers.Name)) return Invalid($"Record {index} has a header whose name of {headers.Name.Length} bytes is not UTF-8.", index);
            if (headers.Name.StartsWith(StoredHeaders.ReservedPrefix))
            {
                return Invalid($"Record {index} has the header \"{Encoding.UTF8.GetString(headers.Name)}\"; names that begin with \"_m.\" are the broker's.", index);
            }
        }

        return headers.Malformed ? Unreadable(body, index) : null;
    }

    private static BrokerError Unreadable(ReadOnlySpan<byte> body, int index)
        => new(ErrorCode.BatchInvalid, $"The {body.Length} bytes of record {index} are not exactly a key, a value and headers.", Field(index));

    private static BrokerError Invalid(string detail, int index) => new(ErrorCode.RecordInvalid, detail, Field(index));

    private static string Field(int index) => $"records[{index}]";
}
