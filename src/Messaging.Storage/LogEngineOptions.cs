using System.Security.Cryptography;
using Messaging.Storage.Journal;

namespace Messaging.Storage;

/// <summary>How the engine uses its folder. The defaults suit a server; tests and the simulation use small ones.</summary>
public sealed record LogEngineOptions
{
    /// <summary>Size of one journal file. Bytes; a multiple of <see cref="StorageLimits.FrameAlignment"/>; also the largest frame.</summary>
    public int JournalSlotBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Files in the ring, at least <see cref="StorageLimits.JournalSlotsMin"/>. Their total (512 MiB) is what a start after a power cut
    /// reads at most; half of it is what may be consumed before it is ever written a second time.
    /// </summary>
    public int JournalSlots { get; init; } = 16;

    /// <summary>Journal bytes after which state is checkpointed, so that recovery replays little. Bytes.</summary>
    public long CheckpointBytes { get; init; } = 128L << 20;

    /// <summary>Bytes of decoded blocks kept for readers.</summary>
    public int ReadCacheBytes { get; init; } = 8 << 20;

    /// <summary>A pack is closed at this size. Bytes.</summary>
    public int PackBytesTarget { get; init; } = 64 << 20;

    /// <summary>
    /// A journal file that holds little else than batches of so many bytes on average, in frames of <see cref="StorageLimits.PromotedFrameBatches"/> times as many, becomes a pack as it stands, in
    /// place of being copied. Bytes.
    /// </summary>
    public int PromotedBatchBytes { get; init; } = 16 << 10;

    /// <summary>Of its file's bytes so many are in such batches and live: a pack of which less does would soon be copied forward after all.</summary>
    public double PromotedShareMin { get; init; } = 0.75;

    /// <summary>Free bytes on the volume below which sends are refused.</summary>
    public long DiskReserveBytes { get; init; } = 256L << 20;

    /// <summary>Size of the file that is released for clean-up when the disk is full. Bytes.</summary>
    public int BallastBytes { get; init; } = 48 << 20;

    /// <summary>Open although the journal is damaged in its middle, losing what stands behind the damage. Only by an operator's explicit word.</summary>
    public bool AcceptJournalLoss { get; init; }

    /// <summary>Fills ids and the seed of the journal's salts; the simulation brings its own.</summary>
    public Action<Memory<byte>> FillRandom { get; init; } = bytes => RandomNumberGenerator.Fill(bytes.Span);

    /// <summary>Slots that are kept free: those of <see cref="AdmissionGate"/>, one for records, and one more while the next is being made.</summary>
    internal const int JournalSlotsSpare = AdmissionGate.SlotsForState + 2;

    /// <summary>Slots in use at which the oldest are flushed into packs.</summary>
    internal int JournalSlotsHigh => Math.Max(2, JournalSlots / 2);

    /// <summary>Slots that a flush leaves in use: what is consumed soon is never written a second time.</summary>
    internal int JournalSlotsLow => Math.Max(1, JournalSlots / 4);

    /// <summary>False lets the caller drive <c>CommitOnce</c> and <c>Maintain</c> by hand: the simulation.</summary>
    public bool RunThreads { get; init; } = true;
}
