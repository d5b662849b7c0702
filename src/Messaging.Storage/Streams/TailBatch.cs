using Messaging.Storage.Journal;
using Messaging.Storage.Reading;

namespace Messaging.Storage.Streams;

/// <summary>
/// One synced record batch that so far stands in the journal only: the tail's unit. 40 bytes. One that <paramref name="IsShared"/> is in the tails of several streams, and stands there once,
/// with base offset zero.
/// </summary>
internal readonly record struct TailBatch(long BaseOffset, long MaxTimestamp, int Count, JournalSlot Slot, int Position, int Length, bool IsShared)
{
    public long EndOffset => BaseOffset + Count;

    /// <summary>
    /// The first of the batches with those behind it that adjoin it in its slot and begin below <paramref name="end"/>: as many as fit into <paramref name="room"/> bytes and
    /// into <paramref name="pieces"/>, which receives them.
    /// </summary>
    public static int TakeAdjoining(ReadOnlySpan<TailBatch> tail, long end, int room, Span<ReadPiece> pieces)
    {
        TailBatch first = tail[0];
        int count = 0;
        long useful = 0;
        while (count < tail.Length && count < pieces.Length)
        {
            TailBatch next = tail[count];
            useful += next.Length;
            long span = next.Position + next.Length - first.Position;
            if (count > 0 && (next.Slot != first.Slot || next.BaseOffset >= end || useful > room || ReadPiece.IsScattered(span, useful)))
            {
                break;
            }

            pieces[count++] = new ReadPiece(BlockPlace.InJournal(next, first.Slot.Use), next.EndOffset);
        }

        return count;
    }
}
