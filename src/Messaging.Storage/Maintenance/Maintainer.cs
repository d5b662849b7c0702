using Messaging.Storage.Journal;
using Messaging.Storage.Recovery;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// The engine's thread beside the journal's: one <see cref="MaintenanceTurn"/> after the other, from the end of recovery to the last
/// checkpoint. A full disk discards what was being written, refuses sends and is tried again; where descriptors or memory have
/// run out, the next turn tries again; another failure is tried once more with a new file, then stops the engine (engine.md
/// section 9).
/// </summary>
internal sealed partial class Maintainer : IDisposable
{
    /// <summary>How often the disk is looked at and merging is considered when nothing else happens.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CommitQueue _queue;
    private readonly AdmissionGate _admission;
    private readonly JournalRing _ring;
    private readonly Checkpointer _checkpointer;
    private readonly DiskWatch _watch;
    private readonly MaintenanceTurn _turn;
    private readonly ILogger _logger;
    private readonly Action<Exception> _failed;
    private readonly ManualResetEventSlim _signal = new();
    private readonly ManualResetEventSlim _stopping = new();
    private Thread? _thread;
    private bool _hasFailed;
    private bool _refusesState;

    public Maintainer(EngineParts parts, IStateMachine machine, RecoveredState state, ILogger logger, Action<Exception> failed)
    {
        (_queue, _admission, _ring, _logger, _failed) = (parts.Queue, parts.Admission, parts.Ring, logger, failed);
        _watch = new DiskWatch(parts.Disk, parts.Options, logger);
        _checkpointer = new Checkpointer(parts, machine, WaitFor, state.Meta);
        _checkpointer.Restore(state.Packs, state.LastPackId, state.Position);
        _turn = new MaintenanceTurn(parts, _checkpointer, _watch, new CopyPace(parts, _watch, Rest));
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
        while (true)
        {
            try
            {
                _checkpointer.Take(_checkpointer.Meta.Generation + 1, isClean: false);
                return;
            }
            catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull && MayGoOn && (_watch.ReleaseBallast() || _ring.TryDropFree()))
            {
                // There is more space now.
            }
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
            LogNoLastCheckpoint(fault.Message);
        }
    }

    /// <summary>One turn: everything that is due.</summary>
    public void RunOnce(bool force)
    {
        for (bool isSecond = false; ;)
        {
            try
            {
                _turn.Run(force);
                _refusesState = false;
                return;
            }
            catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull && MayGoOn)
            {
                bool mayHelp = _watch.ReleaseBallast();

                // Records are refused from here on.
                _admission.Pulse();
                if (!mayHelp)
                {
                    // What could be freed is free, and those that fit now have been admitted.
                    if (_admission.RefuseWaiting() && !_refusesState)
                    {
                        _refusesState = true;
                        LogRefusingState();
                    }

                    return;
                }
            }
            catch (StorageFaultException fault) when (fault.Fault == StorageFault.Exhausted && MayGoOn)
            {
                LogExhausted(fault);
                return;
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
        _checkpointer.Dispose();
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

    // Where no threads run nobody needs the disk meanwhile.
    private void Rest(TimeSpan pause)
    {
        if (CommitByHand is null)
        {
            _stopping.Wait(pause);
        }
    }

    private void WaitFor(JournalMark mark)
    {
        _queue.Duty.Wake();
        while (CommitByHand is not null && !mark.IsReached)
        {
            Invariant.Check(CommitByHand() || mark.IsReached, "the journal writes what a checkpoint waits for, or fails");
        }
    }

    [LoggerMessage(EventId = 4020, Level = LogLevel.Error, Message = "Writing a pack or checkpoint failed; trying once more with a new file.")]
    private partial void LogTryingAgain(Exception fault);

    [LoggerMessage(EventId = 4022, Level = LogLevel.Error, Message = "Maintenance has no file descriptor or memory left; the next turn tries again.")]
    private partial void LogExhausted(Exception fault);

    [LoggerMessage(EventId = 4021, Level = LogLevel.Warning, Message = "The last checkpoint could not be written, and the next start replays the journal: {Reason}")]
    private partial void LogNoLastCheckpoint(string reason);

    [LoggerMessage(EventId = 4023, Level = LogLevel.Error, Message = "The journal is full and the disk has no space to free any of it: receives and acknowledgements are refused too until there is space.")]
    private partial void LogRefusingState();
}
