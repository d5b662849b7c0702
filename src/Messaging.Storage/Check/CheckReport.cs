namespace Messaging.Storage.Check;

/// <summary>
/// What <see cref="FolderCheck"/> found. Notes are what is legal and worth a line: leftovers that the next start deletes, a
/// torn frame that nobody was told of.
/// </summary>
public sealed record CheckReport(CheckSummary Summary, IReadOnlyList<Damage> Damages, long DamageCount, IReadOnlyList<string> Notes)
{
    /// <summary>Damages and notes that a report lists at most; <see cref="DamageCount"/> goes on.</summary>
    public const int LinesMax = 10_000;

    /// <summary>No damage at all.</summary>
    public bool IsSound => DamageCount == 0;
}

/// <summary>The folder in figures, as far as it could be read.</summary>
public sealed class CheckSummary
{
    /// <summary>No server has ever written to the folder.</summary>
    public bool IsEmpty { get; internal set; }

    public uint Generation { get; internal set; }

    /// <summary>Zero: none was taken yet.</summary>
    public long CheckpointId { get; internal set; }

    /// <summary>The last server wrote a checkpoint before it ended: the next one replays nothing.</summary>
    public bool StoppedClean { get; internal set; }

    public int Files { get; internal set; }

    /// <summary>Of all files together.</summary>
    public long Bytes { get; internal set; }

    public int JournalSlots { get; internal set; }

    /// <summary>Slots that hold what the checkpoint still needs or what stands behind it.</summary>
    public int JournalSlotsUsed { get; internal set; }

    /// <summary>Frames read in the slots in use.</summary>
    public long Frames { get; internal set; }

    /// <summary>Those of them that the next start replays.</summary>
    public long FramesAfterCheckpoint { get; internal set; }

    public int Packs { get; internal set; }

    public long Extents { get; internal set; }

    public int Streams { get; internal set; }

    /// <summary>Records that are not released as of the checkpoint, and all behind it: what a state entry behind it says is not Storage's to know.</summary>
    public long Records { get; internal set; }

    /// <summary>Record bytes of packs, by the share of each extent that is not released.</summary>
    public long PackBytesLive { get; internal set; }

    /// <summary>The rest of the packs: what merging frees in time.</summary>
    public long PackBytesDead { get; internal set; }

    /// <summary>Record batches that so far stand in the journal only.</summary>
    public long TailBytes { get; internal set; }
}
