using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>A stored batch as a fetch shows it. <see cref="Released"/>: which of its records compaction has taken out, where they still stand in its compressed bytes; null for none.</summary>
internal readonly record struct VisibleBatch(RecordBatchHeader Header, ReadOnlyMemory<byte> Bytes, ulong[]? Released = null)
{
    public bool Has(long offset) => Released is null || (Released[(int)((offset - Header.BaseOffset) >> 6)] >> (int)((offset - Header.BaseOffset) & 63) & 1) == 0;
}

/// <summary>What of the stored batches a fetch may show: not those of aborted transactions, and no record that compaction has taken out. Where nothing is to be left out, nothing is allocated.</summary>
internal static class VisibleBatches
{
    /// <summary>Null where all batches of the set are visible as they are.</summary>
    public static VisibleBatch[]? Of(LogEngine engine, LogStream stream, BatchSet batches, AbortedTransaction[] aborted)
    {
        bool hasReleased = stream.HasReleasedAboveLow;
        if (batches.Count == 0 || (aborted.Length == 0 && !hasReleased)) return null;
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

    private static bool IsAborted(in RecordBatchHeader header, AbortedTransaction[] aborted)
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
        byte[] buffer = new byte[batch.Bytes.Length];
        ReadOnlySpan<byte> live = RecordBatchFilter.KeepLive(batch.Bytes.Span, batch.Header, released, buffer);
        if (live.IsEmpty) return null;
        // As it is where nothing was taken out; or where its records are compressed, and whoever reads them leaves those out.
        if (live.Length == batch.Bytes.Length) return new VisibleBatch(batch.Header, batch.Bytes, released);
        Invariant.Check(RecordBatch.TryReadHeader(live, out RecordBatchHeader header), "A batch that was filtered is a batch.");
        return new VisibleBatch(header, buffer.AsMemory(0, live.Length));
    }
}
