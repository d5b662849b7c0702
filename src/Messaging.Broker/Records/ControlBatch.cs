using System.Buffers.Binary;
using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>The batch of one record that ends a transaction in a partition: it takes an offset, is never given to applications and never compacted. No allocation.</summary>
/// <remarks>
/// | part | bytes | field |
/// | key | 2 | version = 0, big-endian as all of it |
/// | key | 2 | 0 abort, 1 commit |
/// | value | 2 | version = 0 |
/// | value | 4 | the coordinator's epoch |
/// </remarks>
internal static class ControlBatch
{
    private const int KeyBytes = 4;
    private const int ValueBytes = 6;
    private const int TypeAt = 2;
    private const int EpochAt = 2;
    private const short Abort = 0;
    private const short Commit = 1;
    private const int NoSequence = -1;

    /// <summary>Of the whole batch: 78.</summary>
    public static int Bytes { get; } = RecordBatch.MeasureSingle(BodyBytes);

    private static int BodyBytes => RecordBody.Measure(KeyBytes, ValueBytes);

    /// <summary>Writes a batch of <see cref="Bytes"/>, which gets its place later.</summary>
    public static void Write(Span<byte> batch, long producerId, short producerEpoch, in ControlMarker marker, long timestampMs)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        Span<byte> value = stackalloc byte[ValueBytes];
        key.Clear();
        value.Clear();
        BinaryPrimitives.WriteInt16BigEndian(key[TypeAt..], marker.IsCommit ? Commit : Abort);
        BinaryPrimitives.WriteInt32BigEndian(value[EpochAt..], marker.CoordinatorEpoch);

        batch = batch[..Bytes];
        int prefix = RecordPrefix.Write(batch[RecordBatch.HeaderBytes..], offsetDelta: 0, timestampDelta: 0, BodyBytes);
        var body = new RecordBodyWriter(batch[(RecordBatch.HeaderBytes + prefix)..]);
        body.WriteKey(key);
        body.WriteValue(value);
        body.WriteHeaderCount(0);
        RecordBatch.WriteHeader(
            batch,
            baseOffset: 0,
            lastOffsetDelta: 0,
            timestampMs,
            timestampMs,
            count: 1,
            RecordBatch.ControlFlag | RecordBatch.TransactionalFlag,
            producerId,
            producerEpoch,
            NoSequence);
    }

    /// <summary>What a control batch says; false for any other batch, and for a marker of another kind. A later version may have more fields after these.</summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, out ControlMarker marker)
    {
        marker = default;
        if (!RecordBatch.TryReadHeader(batch, out RecordBatchHeader header) || !header.IsControl) return false;
        var records = new RecordEnumerator(batch);
        if (!records.MoveNext() || !RecordBodyReader.TryRead(records.Body, out RecordBodyReader body)) return false;
        if (body.Key.Length < KeyBytes || body.Value.Length < ValueBytes) return false;
        short type = BinaryPrimitives.ReadInt16BigEndian(body.Key[TypeAt..]);
        marker = new ControlMarker(type == Commit, BinaryPrimitives.ReadInt32BigEndian(body.Value[EpochAt..]));
        return type is Abort or Commit;
    }
}
