using Messaging.Broker.Records;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>A stored batch as a fetch shows it.</summary>
internal readonly record struct VisibleBatch(RecordBatchHeader Header, ReadOnlyMemory<byte> Bytes);

/// <summary>What of the stored batches a fetch may show: not those of aborted transactions, and no record that compaction has taken out. Where nothing is to be left out, nothing is allocated.</summary>
internal static class VisibleBatches
{
    /// <summary>Null where all batches of the set are visible as they are.</summary>
    public static VisibleBatch[]? Of(LogEngine engine, LogStream stream, BatchSet batches, AbortedTransaction[] aborted)
    {
        if (batches.Count == 0) return null;
        // What compaction has taken out of the first batch may be all that was below.
        bool hasReleased = stream.HasReleasedAboveLow || batches[0].Header.BaseOffset < stream.Low;
        if (aborted.Length == 0 && !hasReleased) return null;
        var visible = new List<VisibleBatch>(batches.Count);
        for (int i = 0; i < batches.Count; i++)
        {
            StoredBatch batch = batches[i];
            if (IsAborted(batch.Header, aborted)) continue;
            if (!hasReleased) visible.Add(new VisibleBatch(batch.Header, batch.Bytes));
            else if (Live(engine, stream, batch) is { } live) visible.Add(live);
        }

        return [.. visible];
    }

    /// <summary>Whether the batch belongs to one of the transactions.</summary>
    public static bool IsAborted(in RecordBatchHeader header, AbortedTransaction[] aborted)
    {
        if (!header.IsTransactional || header.IsControl) return false;
        foreach (AbortedTransaction transaction in aborted)
        {
            if (transaction.ProducerId == header.ProducerId && transaction.First <= header.BaseOffset && header.BaseOffset <= transaction.Last) return true;
        }

        return false;
    }

    private static VisibleBatch? Live(LogEngine engine, LogStream stream, in StoredBatch batch)
    {
        ulong[] released = new ulong[RecordBatchFilter.WordsOf(batch.Header)];
        engine.CopyReleased(stream, batch.Header.BaseOffset, released);
        if (!released.AsSpan().ContainsAnyExcept(0UL)) return new VisibleBatch(batch.Header, batch.Bytes);
        // One that came before its topic was compacted may be compressed: what is left of it is shown uncompressed.
        if (batch.Header.Compression != RecordCompression.None && BatchCompression.TryUncompress(batch.Bytes.Span, out PooledBytes? uncompressed))
        {
            using (uncompressed)
            {
                RecordBatch.AssignPlace(uncompressed.Writable, batch.Header.BaseOffset, batch.Header.LeaderEpoch);
                return Filter(uncompressed.Memory, released);
            }
        }

        return Filter(batch.Bytes, released);
    }

    // Its own memory: what it was read into may be given back.
    private static VisibleBatch? Filter(ReadOnlyMemory<byte> batch, ulong[] released)
    {
        Invariant.Check(RecordBatch.TryReadHeader(batch.Span, out RecordBatchHeader header), "What was stored is a batch.");
        byte[] buffer = new byte[batch.Length];
        ReadOnlySpan<byte> live = RecordBatchFilter.KeepLive(batch.Span, header, released, buffer);
        if (live.IsEmpty) return null;
        if (live.Length == batch.Length) batch.CopyTo(buffer);
        Invariant.Check(RecordBatch.TryReadHeader(buffer, out header), "A batch that was filtered is a batch.");
        return new VisibleBatch(header, buffer.AsMemory(0, live.Length));
    }
}
