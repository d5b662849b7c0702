namespace Messaging.Storage.Maintenance;

/// <summary>
/// What a long copy does between its MiBs. Senders go on meanwhile: they need spare journal slots, which nobody else prepares,
/// and the disk, which a merge leaves to them for a moment. A flush that is due does not wait behind a merge that rests. Used
/// by the maintenance thread.
/// </summary>
internal sealed class CopyPace(EngineParts parts, DiskWatch watch, Action<TimeSpan> rest)
{
    /// <summary>So much is read between two looks.</summary>
    public const int StepBytes = 1 << 20;

    /// <summary>Merging rests so long after each step: it reads at most 50 MiB/s.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private int _bytes;

    /// <summary>A flush has read so much: it never rests, for callers wait for its slots.</summary>
    public void AfterFlushing(int bytes)
    {
        if (IsStep(bytes))
        {
            KeepSpares();
        }
    }

    /// <summary>A merge has read so much.</summary>
    public void AfterMerging(int bytes)
    {
        if (IsStep(bytes) && KeepSpares() && parts.Ring.UsedCount < parts.Options.JournalSlotsHigh)
        {
            rest(Pause);
        }
    }

    private bool IsStep(int bytes)
    {
        _bytes += bytes;
        if (_bytes < StepBytes)
        {
            return false;
        }

        _bytes = 0;
        return true;
    }

    // On a nearly full disk the space is kept for the checkpoint that follows the copy: that frees slots where new ones do not fit.
    private bool KeepSpares()
    {
        bool isShort = watch.IsNearlyFull || !parts.Ring.TryKeepSpares();
        parts.Admission.Pulse();
        return !isShort;
    }
}
