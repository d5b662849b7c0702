using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Reading;
using Messaging.Storage.Recovery;
using Messaging.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// The engine's second thread: keeps a spare journal slot, flushes the oldest ones, takes checkpoints, merges packs, watches
/// the disk. A full disk discards what was being written, refuses sends and is tried again; another failure is tried once
/// more with a new file, then stops the engine (engine.md section 9).
/// </summary>
internal sealed partial class Maintainer : IDisposable
{
    /// <summary>How often the disk is looked at and merging is considered when nothing else happens.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Merging gives the disk back to senders for so long after each <see cref="PaceBytes"/>: at most 50 MiB/s.</summary>
    private static readonly TimeSpan PacePause = TimeSpan.FromMilliseconds(20);
    private const int PaceBytes = 1 << 20;

    private readonly IDisk _disk;
    private readonly LogEngineOptions _options;
    private readonly CommitQueue _queue;
    private readonly JournalWriter _writer;
    private readonly JournalRing _ring;
    private readonly AdmissionGate _admission;
    private readonly StreamTable _streams;
    private readonly RecordReader _reader;
    private readonly Checkpointer _checkpointer;
    private readonly DiskWatch _watch;
    private readonly ILogger _logger;
    private readonly Action<Exception> _failed;
    private readonly ManualResetEventSlim _signal = new();
    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;
    private long _bytesAtCheckpoint;
    private long _bytesAtMerge;
    private int _pacedBytes;
    private bool _needsCheckpoint;
    private bool _hasFailed;

    public Maintainer(
        IDisk disk, LogEngineOptions options, IStateMachine machine, CommitQueue queue, JournalWriter writer, JournalRing ring, AdmissionGate admission,
        StreamTable streams, RecordReader reader, RecoveredState state, ILogger logger, Action<Exception> failed)
    {
        (_disk, _options, _queue, _writer, _ring, _admission, _streams, _reader) = (disk, options, queue, writer, ring, admission, streams, reader);
        (_logger, _failed) = (logger, failed);
        _watch = new DiskWatch(disk, options, logger);
        _checkpointer = new Checkpointer(disk, machine, queue, ring, streams, admission, WaitFor, state.Meta);
        _checkpointer.Restore(state.Packs, state.LastPackId, state.Position);
    }

    public bool DiskIsNearlyFull => _watch.IsNearlyFull;

    private bool MayGoOn => !_checkpointer.MetaHasFailed && !_queue.HasFailed;

    /// <summary>Set where no journal thread runs: waiting for a frame then means writing it.</summary>
    public Func<bool>? CommitByHand { get; set; }

    /// <summary>Ends recovery: from here on the journal's frames are of a new generation.</summary>
    public void Begin(RecoveredState state)
    {
        if (!state.NeedsCheckpoint)
        {
            _checkpointer.BeginGeneration();
        }
        else
        {
            BeginAfterCrash();
        }

        _watch.Look();
    }

    // On a full disk, too, the server must come up: without it nothing can be consumed, and no space comes back.
    private void BeginAfterCrash()
    {
        try
        {
            _checkpointer.Take(_checkpointer.Meta.Generation + 1, isClean: false);
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull && MayGoOn && _watch.ReleaseBallast())
        {
            _checkpointer.Take(_checkpointer.Meta.Generation + 1, isClean: false);
        }
    }

    public void Start()
    {
        _thread = new Thread(Run) { Name = "maintenance", IsBackground = true };
        _thread.Start();

        // A new folder has no spare slots yet, and nothing is admitted without.
        Signal();
    }

    public void Signal() => _signal.Set();

    public void Stop()
    {
        _stopping.Set();
        _signal.Set();
        _thread?.Join();
    }

    /// <summary>
    /// A clean stop: a last checkpoint, so that the next start replays nothing. Where it can't be written the journal stands for
    /// it; and where something has failed for good, nothing is written any more.
    /// </summary>
    public void End()
    {
        if (_hasFailed || !MayGoOn)
        {
            return;
        }

        try
        {
            _checkpointer.Take(_checkpointer.Meta.Generation, isClean: true);
        }
        catch (StorageFaultException fault)
        {
            LogNoLastCheckpoint(fault);
        }
    }

    /// <summary>One turn: everything that is due.</summary>
    public void RunOnce(bool force)
    {
        for (bool isSecond = false; ;)
        {
            try
            {
                Attempt(force);
                return;
            }
            catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull && MayGoOn)
            {
                bool mayHelp = _watch.ReleaseBallast();

                // Records are refused from here on.
                _admission.Pulse();
                if (!mayHelp)
                {
                    return;
                }
            }
            catch (StorageFaultException fault) when (!isSecond && MayGoOn)
            {
                isSecond = true;
                LogTryingAgain(fault);
            }
            catch
            {
                _hasFailed = true;
                throw;
            }
        }
    }

    public void Dispose()
    {
        _signal.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.IsSet)
        {
            _signal.Wait(Pause);
            _signal.Reset();
            try
            {
                RunOnce(force: false);
            }
            catch (Exception fault)
            {
                if (!_queue.HasFailed)
                {
                    _failed(fault);
                }

                return;
            }
        }
    }

    private void Attempt(bool force)
    {
        _watch.Look();

        // Where the ring can't grow, slots must come back: all but the writer's are emptied.
        bool isShort = !_ring.TryKeepSpares();
        _admission.Pulse();
        StorageFaultException? full = null;
        if (force || (isShort && _ring.UsedCount > 1) || _ring.UsedCount >= _options.JournalSlotsHigh)
        {
            TailFlush.DropDead(AllStreams(), _queue.Gate);
            _needsCheckpoint = true;
            full = FlushWhatFits(force || isShort ? 1 : _options.JournalSlotsLow);
        }

        try
        {
            _needsCheckpoint |= Merge();
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            full = fault;
        }

        // Also where there was no space for packs: what is dead becomes free with the checkpoint.
        if (_needsCheckpoint || _writer.BytesWritten - _bytesAtCheckpoint >= _options.CheckpointBytes)
        {
            long bytes = _writer.BytesWritten;
            _checkpointer.Take(_checkpointer.Meta.Generation, isClean: false);
            (_bytesAtCheckpoint, _needsCheckpoint) = (bytes, false);
        }

        if (isShort && !_ring.TryKeepSpares())
        {
            full ??= new StorageFaultException(StorageFault.DiskFull, "There is no space for the journal to go on in.");
        }

        _admission.Pulse();
        if (full is not null)
        {
            throw full;
        }

        _watch.Succeeded();
    }

    // On a nearly full disk the oldest slot may fit where all that are due do not.
    private StorageFaultException? FlushWhatFits(int slotsKept)
    {
        long[] uses = [.. _ring.Slots.Where(slot => slot.IsCounted).Select(slot => slot.Use).Order()];
        if (uses.Length <= slotsKept)
        {
            return null;
        }

        StorageFaultException? full = TryFlush(uses[uses.Length - slotsKept - 1]);
        if (full is not null)
        {
            TryFlush(uses[0]);
        }

        return full;
    }

    private StorageFaultException? TryFlush(long lastUse)
    {
        try
        {
            Flush(lastUse);
            return null;
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            return fault;
        }
    }

    private void Flush(long lastUse)
    {
        using ExtentCopier copier = NewCopier(paced: false);
        TailFlush.Run(AllStreams(), lastUse, _ring, _reader, copier);
        AddPacks(copier);
    }

    private bool Merge()
    {
        if (_writer.BytesWritten == _bytesAtMerge || _checkpointer.Packs.Count == 0)
        {
            return false;
        }

        long bytes = _writer.BytesWritten;
        List<StreamMerge> plan = MergePlan.Make(AllStreams(), _queue.Gate, _options.PackBytesTarget);
        if (plan.Count == 0)
        {
            _bytesAtMerge = bytes;
            return false;
        }

        using ExtentCopier copier = NewCopier(paced: true);
        if (!PackMerge.Run(plan, _reader, copier))
        {
            _bytesAtMerge = bytes;
            return false;
        }

        // A plan is bounded: there may be more to do without anything new being written.
        _bytesAtMerge = -1;
        AddPacks(copier);
        return true;
    }

    private void AddPacks(ExtentCopier copier)
    {
        foreach (Pack pack in copier.Packs)
        {
            _checkpointer.Add(pack);
        }
    }

    private LogStream[] AllStreams()
    {
        LogStream[] all;
        lock (_queue.Gate)
        {
            all = _streams.ToArray();
        }

        return StreamTable.Ordered(all);
    }

    private ExtentCopier NewCopier(bool paced) => new(_disk, _options, _queue.Gate, _checkpointer.NextPackId, 2 * _checkpointer.LastBytes, paced ? Pace : static _ => { });

    private void Pace(int bytes)
    {
        _pacedBytes += bytes;
        if (_pacedBytes >= PaceBytes && CommitByHand is null)
        {
            _pacedBytes = 0;
            _stopping.Wait(PacePause);
        }
    }

    private void WaitFor(JournalMark mark)
    {
        _queue.Wake();
        while (CommitByHand is not null && !mark.IsReached)
        {
            Invariant.Check(CommitByHand() || mark.IsReached, "the journal writes what a checkpoint waits for, or fails");
        }
    }

    [LoggerMessage(EventId = 4020, Level = LogLevel.Error, Message = "Writing a pack or checkpoint failed; trying once more with a new file.")]
    private partial void LogTryingAgain(Exception fault);

    [LoggerMessage(EventId = 4021, Level = LogLevel.Warning, Message = "The last checkpoint could not be written: the next start replays the journal.")]
    private partial void LogNoLastCheckpoint(Exception fault);
}
