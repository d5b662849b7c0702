using Messaging.Storage.Journal;

namespace Messaging.Storage;

/// <summary>Every bound of the engine that is not an option, by name.</summary>
public static class StorageLimits
{
    /// <summary>Frames start on this boundary, so that a new frame never rewrites a synced sector. Bytes.</summary>
    public const int FrameAlignment = 4096;

    /// <summary>A gathering frame is closed to further commands at this size, so that one sync does not grow without end. Bytes.</summary>
    public const int FrameBytesTarget = 1 << 20;

    /// <summary>Concurrent sends to one stream share a record batch up to this size: a read of one record reads its batch. Bytes.</summary>
    public const int BatchBytesTarget = 32 << 10;

    /// <summary>Streams that have the records of one entry: a list of 64 KiB. More of them are several entries, each with the records.</summary>
    public const int SharedStreamsMax = 4096;

    /// <summary>Packs hold whole batches in blocks of about this size, the unit of their CRCs and of the read cache. Bytes.</summary>
    public const int BlockBytesTarget = 32 << 10;

    /// <summary>
    /// Who catches up reads neighbouring blocks and batches up to this size at once, or else one of them alone: so large that system calls don't count
    /// (catch-up). Bytes.
    /// </summary>
    public const int CatchUpReadBytes = 1 << 20;

    /// <summary>Blocks and batches that one read fetches at once.</summary>
    public const int CatchUpPiecesMax = 64;

    /// <summary>
    /// A journal file whose frames are smaller than so many of <see cref="LogEngineOptions.PromotedBatchBytes"/> (512 KiB) is copied and used again: where another takes its place, each sync of a
    /// frame is one of the file system's own journal too, which costs small frames more than the copy (partitions).
    /// </summary>
    public const int PromotedFrameBatches = 32;

    /// <summary>Frame buffers above this size are given back after their frame. Bytes.</summary>
    public const int FrameBufferKeptBytes = 4 << 20;

    /// <summary>Journal slots in one ring, at least: the writer's, those of <see cref="AdmissionGate.SlotsForState"/>, one for records, one that is being made.</summary>
    public const int JournalSlotsMin = AdmissionGate.SlotsForState + 3;

    /// <summary>Journal slots in one ring.</summary>
    public const int JournalSlotsMax = 1024;
}
