using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A topic's record as a queue holds its copy: key, value and headers as they are, and behind them what tells the copy's way. Hot path.
/// </summary>
/// <param name="Envelope">The topic that it is to be shown as a notification of, as <see cref="StoredHeaders"/> says; empty: it is shown as it was published.</param>
/// <param name="Failure">Why it could not be delivered to where it was meant to go; null: it is there.</param>
internal readonly record struct CopiedRecord(ReadOnlyMemory<byte> Envelope, DeliveryFailure? Failure)
{
    /// <summary>When it was published, in ms since 1970; 0: now, or the record says it.</summary>
    public long PublishedMs { get; init; }

    /// <summary>The subscription asked for it again.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Bytes of the copy, or a little more.</summary>
    public int Measure(int recordBytes) => recordBytes + PublishedPlace.Bytes + StoredNumber.BytesMax
        + (PublishedMs > 0 ? RecordBody.MeasureHeader(StoredHeaders.PublishedTime.Length, StoredNumber.BytesMax) : 0)
        + (IsReplayed ? RecordBody.MeasureHeader(StoredHeaders.Replayed.Length, 0) : 0)
        + (Envelope.IsEmpty ? 0 : RecordBody.MeasureHeader(StoredHeaders.Envelope.Length, Envelope.Length))
        + (Failure is { } failure
            ? RecordBody.MeasureHeader(StoredHeaders.FailureId.Length, failure.RequestId.Length) + RecordBody.MeasureHeader(StoredHeaders.FailureCode.Length, failure.Code.Length) + RecordBody.MeasureHeader(StoredHeaders.FailureText.Length, failure.Message.Length)
            : 0);

    /// <summary>Writes the copy, which ends with an empty <see cref="PublishedPlace"/>; one that the record has itself is left out. False for what is no record.</summary>
    public bool TryWrite(Span<byte> destination, ReadOnlySpan<byte> record, out int written)
    {
        written = 0;
        if (!RecordBodyReader.TryRead(record, out RecordBodyReader reader) || !TryCountKept(reader.Headers, out int kept)) return false;
        var writer = new RecordBodyWriter(destination);
        if (reader.KeyIsNull) writer.WriteNullKey();
        else writer.WriteKey(reader.Key);
        if (reader.ValueIsNull) writer.WriteNullValue();
        else writer.WriteValue(reader.Value);
        writer.WriteHeaderCount(kept + 1 + (PublishedMs > 0 ? 1 : 0) + (IsReplayed ? 1 : 0) + (Envelope.IsEmpty ? 0 : 1) + (Failure is null ? 0 : Failure.RequestId.IsEmpty ? 2 : 3));
        RecordHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext())
        {
            if (!IsKept(headers.Name)) continue;
            if (headers.ValueIsNull) writer.WriteNullHeader(headers.Name);
            else writer.WriteHeader(headers.Name, headers.Value);
        }

        if (Failure is { } failure)
        {
            if (!failure.RequestId.IsEmpty) writer.WriteHeader(StoredHeaders.FailureId, failure.RequestId.Span);
            writer.WriteHeader(StoredHeaders.FailureCode, failure.Code.Span);
            writer.WriteHeader(StoredHeaders.FailureText, failure.Message.Span);
        }

        if (PublishedMs > 0)
        {
            Span<byte> number = stackalloc byte[StoredNumber.BytesMax];
            writer.WriteHeader(StoredHeaders.PublishedTime, number[..StoredNumber.Write(number, PublishedMs)]);
        }

        if (IsReplayed) writer.WriteHeader(StoredHeaders.Replayed, default);
        if (!Envelope.IsEmpty) writer.WriteHeader(StoredHeaders.Envelope, Envelope.Span);
        PublishedPlace.WriteEmpty(ref writer);
        written = writer.Written;
        return true;
    }

    private static bool TryCountKept(RecordHeaderEnumerator headers, out int kept)
    {
        for (kept = 0; headers.MoveNext();) kept += IsKept(headers.Name) ? 1 : 0;
        return !headers.Malformed;
    }

    private static bool IsKept(ReadOnlySpan<byte> name) => !name.SequenceEqual(StoredHeaders.PublishedAt) && !name.SequenceEqual(StoredHeaders.Envelope);
}
