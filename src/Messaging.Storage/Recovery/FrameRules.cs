using Messaging.Storage.Journal;
using Messaging.Storage.Records;

namespace Messaging.Storage.Recovery;

/// <summary>
/// What every entry of a written frame fulfils. Recovery refuses what does not; the folder check reports it. The frame's CRC
/// has been right before, so a broken rule is a bug of a writer, never to be guessed past.
/// </summary>
internal static class FrameRules
{
    /// <summary>What does not fit, as the end of "the frame holds ..."; null when all fits. <paramref name="next"/> is the stream's next offset, null where there is no such stream.</summary>
    public static string? FindMisfit(in FrameEntry entry, long? next, out RecordBatchHeader batch)
    {
        batch = default;
        return (entry.Type, next) switch
        {
            (EntryType.StreamCreated, null) => null,
            (EntryType.StreamCreated, _) => $"the creation of stream {entry.StreamId}, which exists",
            (_, null) => $"an entry of stream {entry.StreamId}, which does not exist",
            (EntryType.Records, long offset) => Fits(entry, offset, out batch) ? null : $"a record batch that does not fit at offset {offset} of stream {entry.StreamId}",
            (EntryType.State, _) => null,
            (EntryType.StreamDropped, _) => entry.StreamId > 0 ? null : "the end of the system stream",
            _ => $"an entry of the unknown type {(byte)entry.Type}",
        };
    }

    private static bool Fits(in FrameEntry entry, long next, out RecordBatchHeader batch)
    {
        bool fits = RecordBatch.TryReadHeader(entry.Bytes, out batch)
            && batch.TotalBytes == entry.Bytes.Length
            && batch.BaseOffset == (entry.IsShared ? 0 : entry.BaseOffset)
            && entry.BaseOffset >= next
            && entry.BaseOffset <= long.MaxValue - batch.LastOffsetDelta;
        batch = batch with { BaseOffset = entry.BaseOffset };
        return fits;
    }
}
