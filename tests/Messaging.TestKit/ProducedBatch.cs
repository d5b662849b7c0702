using System.Text;
using Messaging.Storage.Records;

namespace Messaging.TestKit;

/// <summary>Record batches as producers make them, before the broker has given them a place: base offset and leader epoch are zero.</summary>
public static class ProducedBatch
{
    public const long Time = 1_600_000_000_000;

    private const int RecordPrefixBytesMax = 40;

    /// <summary>One record for each value, at those offset deltas (ascending; by default without gaps) and those times (by default one millisecond apart).</summary>
    public static byte[] Of(
        string[] values, int[]? offsetDeltas = null, long[]? times = null, short attributes = 0, long producerId = -1, short producerEpoch = -1, int baseSequence = -1)
    {
        byte[][] bodies = [.. values.Select(Body)];
        long[] timestamps = times ?? [.. values.Select((_, index) => Time + index)];
        return Of(bodies, offsetDeltas, timestamps, attributes, producerId, producerEpoch, baseSequence);
    }

    /// <summary>One record for each body, which is that of a record from its key on, at one time.</summary>
    public static byte[] OfBodies(params byte[][] bodies) => Of(bodies, null, [.. bodies.Select(_ => Time)], 0, -1, -1, -1);

    private static byte[] Of(byte[][] bodies, int[]? offsetDeltas, long[] timestamps, short attributes, long producerId, short producerEpoch, int baseSequence)
    {
        byte[] bytes = new byte[RecordBatch.HeaderBytes + bodies.Sum(body => RecordPrefixBytesMax + body.Length)];
        int length = RecordBatch.HeaderBytes;
        for (int i = 0; i < bodies.Length; i++)
        {
            length += RecordPrefix.WriteRecord(bytes.AsSpan(length), offsetDeltas?[i] ?? i, timestamps[i] - timestamps[0], bodies[i]);
        }

        return WithHeader(bytes[..length], offsetDeltas?[^1] ?? bodies.Length - 1, timestamps[0], timestamps.Max(), bodies.Length, attributes, producerId, producerEpoch, baseSequence);
    }

    /// <summary>So many records that nobody but a consumer can read: <paramref name="payload"/> stands for what a codec made of them.</summary>
    public static byte[] Compressed(ReadOnlySpan<byte> payload, int count, RecordCompression codec = RecordCompression.Zstandard, long time = Time, int? offsets = null)
    {
        byte[] bytes = new byte[RecordBatch.HeaderBytes + payload.Length];
        payload.CopyTo(bytes.AsSpan(RecordBatch.HeaderBytes));
        return WithHeader(bytes, (offsets ?? count) - 1, time, time, count, (short)codec, -1, -1, -1);
    }

    private static byte[] WithHeader(
        byte[] batch, int lastOffsetDelta, long baseTimestamp, long maxTimestamp, int count, short attributes, long producerId, short producerEpoch, int baseSequence)
    {
        RecordBatch.WriteHeader(batch, 0, lastOffsetDelta, baseTimestamp, maxTimestamp, count, attributes, producerId, producerEpoch, baseSequence);
        return batch;
    }

    private static byte[] Body(string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        byte[] body = new byte[RecordBody.Measure(RecordBody.NullLength, value.Length)];
        var writer = new RecordBodyWriter(body);
        writer.WriteNullKey();
        writer.WriteValue(value);
        writer.WriteHeaderCount(0);
        return body;
    }
}
