using Messaging.Storage.Journal;

namespace Messaging.Storage.Checkpoints;

/// <summary>What a checkpoint file says, decoded. Snapshots stay opaque.</summary>
internal sealed record Checkpoint(
    long Id,
    JournalPosition Position,
    long LastStreamId,
    long LastPackId,
    IReadOnlyList<SlotUse> Slots,
    IReadOnlyList<PackEntry> Packs,
    IReadOnlyList<StreamEntry> Streams)
{
    public static string NameOf(long id) => $"checkpoints/C-{id:D12}.ck";
}

internal readonly record struct SlotUse(int Slot, long Use);

internal readonly record struct PackEntry(long Id, long Bytes);

internal sealed record StreamEntry(
    long Id,
    long Next,
    long LastTimestamp,
    ReadOnlyMemory<byte> Released,
    ReadOnlyMemory<byte> Snapshot,
    IReadOnlyList<ExtentEntry> Extents,
    IReadOnlyList<TailEntry> Tail);

internal readonly record struct ExtentEntry(
    long PackId, long BaseOffset, long EndOffset, long MaxTimestamp, int FirstBlock, int BlockCount, long Count, long Bytes);

internal readonly record struct TailEntry(long BaseOffset, long MaxTimestamp, int Count, int Slot, int Position, int Length, bool IsShared);
