using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A stored record as the next queue holds it: key, body, attributes and whatever the broker knows of the message as they are; anew what tells of its place and
/// its way. How long a message lives was said for the queue that it leaves, so that goes.
/// </summary>
/// <param name="Id">The message's id, where it is not that of its new place; null: it gets a new one.</param>
/// <param name="SentMs">When it was sent, where that is not the time of the move; 0: it is.</param>
/// <param name="Origin">As <see cref="StoredOrigin"/> wrote it; empty: none.</param>
/// <param name="IsDeduplicatedById">The id is its deduplication id from here on, as between FIFO queues of Amazon SQS.</param>
internal readonly record struct MovedRecord(MessageId? Id, long SentMs, ReadOnlyMemory<byte> Origin, bool IsDeduplicatedById = false)
{
    /// <summary>Bytes of the new body, or a little more.</summary>
    public int Measure(int recordBytes) =>
        recordBytes + StoredNumber.BytesMax
        + RecordBody.MeasureHeader(StoredHeaders.Id.Length, MessageId.Bytes)
        + RecordBody.MeasureHeader(StoredHeaders.SentAt.Length, StoredNumber.BytesMax)
        + RecordBody.MeasureHeader(StoredHeaders.Origin.Length, Origin.Length)
        + RecordBody.MeasureHeader(StoredHeaders.DeduplicationId.Length, MessageId.TextLength);

    /// <summary>Writes the new body; false where the old one is no record of ours.</summary>
    public bool TryWrite(Span<byte> destination, ReadOnlySpan<byte> record, out int written)
    {
        written = 0;
        if (!RecordBodyReader.TryRead(record, out RecordBodyReader reader) || !TryCountKept(reader.Headers, out int kept)) return false;
        int added = (Id is null ? 0 : 1) + (SentMs > 0 ? 1 : 0) + (Origin.IsEmpty ? 0 : 1) + (IsDeduplicatedById ? 1 : 0);
        var writer = new RecordBodyWriter(destination);
        if (reader.KeyIsNull) writer.WriteNullKey();
        else writer.WriteKey(reader.Key);
        if (reader.ValueIsNull) writer.WriteNullValue();
        else writer.WriteValue(reader.Value);
        writer.WriteHeaderCount(kept + added);
        WriteAdded(ref writer);
        RecordHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext())
        {
            if (!IsKept(headers.Name)) continue;
            if (headers.ValueIsNull) writer.WriteNullHeader(headers.Name);
            else writer.WriteHeader(headers.Name, headers.Value);
        }

        written = writer.Written;
        return true;
    }

    private void WriteAdded(ref RecordBodyWriter writer)
    {
        Span<byte> bytes = stackalloc byte[MessageId.TextLength];
        if (Id is { } id)
        {
            id.TryCopyTo(bytes);
            writer.WriteHeader(StoredHeaders.Id, bytes[..MessageId.Bytes]);
            if (IsDeduplicatedById && id.TryFormat(bytes, out int length)) writer.WriteHeader(StoredHeaders.DeduplicationId, bytes[..length]);
        }

        if (SentMs > 0)
        {
            writer.WriteHeader(StoredHeaders.SentAt, bytes[..StoredNumber.Write(bytes, SentMs)]);
        }

        if (!Origin.IsEmpty) writer.WriteHeader(StoredHeaders.Origin, Origin.Span);
    }

    private bool TryCountKept(RecordHeaderEnumerator headers, out int kept)
    {
        for (kept = 0; headers.MoveNext();) kept += IsKept(headers.Name) ? 1 : 0;
        return !headers.Malformed;
    }

    private bool IsKept(ReadOnlySpan<byte> name) =>
        !name.StartsWith(StoredHeaders.ReservedPrefix)
        || !(name.SequenceEqual(StoredHeaders.Id) || name.SequenceEqual(StoredHeaders.SentAt) || name.SequenceEqual(StoredHeaders.Origin) || name.SequenceEqual(StoredHeaders.Expires)
            || (IsDeduplicatedById && name.SequenceEqual(StoredHeaders.DeduplicationId)));
}
