using Messaging.Storage.Journal;

namespace Messaging.Storage.Streams;

/// <summary>One synced record batch that so far stands in the journal only: the tail's unit. 40 bytes.</summary>
internal readonly record struct TailBatch(long BaseOffset, long MaxTimestamp, int Count, JournalSlot Slot, int Position, int Length)
{
    public long EndOffset => BaseOffset + Count;
}
