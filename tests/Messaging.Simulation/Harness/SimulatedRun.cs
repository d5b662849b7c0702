using Messaging.Storage;
using Messaging.Storage.Maintenance;
using Messaging.TestKit;

namespace Messaging.Simulation.Harness;

/// <summary>
/// One seed: some cycles over one folder, each of at least <see cref="OperationsMin"/> operations between an opening and a power
/// cut, a kill, a fault or a clean stop; then everything is consumed and the space must come back. One thread.
/// </summary>
internal sealed class SimulatedRun
{
    public const int Cycles = 10;
    private const int OperationsMin = 100;
    private const int OperationsToEventMax = 400;
    private const int CapacityUnlimited = 1 << 30;

    private readonly Random _random;
    private readonly SimDisk _disk;
    private readonly ISimulatedSubject _subject;
    private readonly SimulationCoverage _coverage;
    private LogEngine? _engine;
    private Exception? _fatal;
    private bool _isMaintaining;
    private bool _isBetweenCalls;

    public SimulatedRun(int seed, Func<Random, SimulationCoverage, ISimulatedSubject> subject, SimulationCoverage coverage)
    {
        _random = new Random(seed);
        _disk = new SimDisk(seed) { CapacityBytes = CapacityUnlimited };
        _coverage = coverage;
        _subject = subject(_random, coverage);
        _disk.Observe((call, name) => BeforeCall(DurableBoundary.Of(call, name)));

        // Files that are made once in the life of a folder get their share of power cuts too.
        if (_random.Next(2) == 0)
        {
            CutPowerAtBoundary();
        }
    }

    /// <summary>Durable calls so far: two runs of one seed have the same.</summary>
    public long DurableCalls => _disk.DurableCalls;

    public void Run()
    {
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            Open();
            for (int operation = 0; operation < OperationsMin; operation++)
            {
                Step();
                Check(_fatal is null or SimCrashException, $"nothing was planned to fail and the engine died: {_fatal}");
                if (_fatal is not null)
                {
                    Die();
                    Open();
                }
            }

            _disk.ClearPlan();
            CycleEnd end = _random.Next(3) == 0 ? CycleEnd.PowerCutAtBoundary : (CycleEnd)_random.Next(Enum.GetValues<CycleEnd>().Length);
            _coverage.Count("cycle ended by " + end);
            End(end);
            _coverage.Count("cycles");
        }

        Open();
        new SpaceCheck(_engine!, _disk, _subject).Run();
        Stop();
    }

    /// <summary>Opens, now and then with a power cut inside of it, as often as it takes.</summary>
    private void Open()
    {
        for (int cuts = _random.Next(4) == 0 ? 3 : 0; ; cuts--)
        {
            _fatal = null;
            if (cuts > 0)
            {
                _disk.CrashAt(_disk.DurableCalls + 1 + _random.Next(40));
            }

            try
            {
                _engine = _subject.Open(_disk, fault => _fatal ??= fault);
                if (cuts > 0)
                {
                    _disk.ClearPlan();
                }

                _coverage.Count("recoveries");
                _subject.JudgeRecovery();
                _subject.JudgeReads(all: true);
                return;
            }
            catch (SimCrashException cut)
            {
                _fatal = cut;
                _coverage.Count("power cuts inside Open");
                Die();
            }
        }
    }

    // Commands, the journal and readers run on other threads while maintenance waits for the disk: here, between its calls.
    private void BeforeCall(DurableBoundary boundary)
    {
        _coverage.Seen(boundary);
        if (!_isMaintaining || _isBetweenCalls || boundary.Target == "journal slot" || _random.Next(5) > 0)
        {
            return;
        }

        _isBetweenCalls = true;
        _subject.Settle();
        if (HasRoom)
        {
            _subject.Operate();
        }

        // While a slot is being made, a journal that needs one waits for it.
        if (boundary.Target is not ("new journal slot" or "folder journal") && _random.Next(2) == 0)
        {
            Commit();
        }

        _subject.JudgeReads(all: false);
        _isBetweenCalls = false;
        _coverage.Count("operations inside of maintenance");
        if (_fatal is not null)
        {
            throw new SimCrashException("The engine died between two calls of maintenance.");
        }
    }

    /// <summary>The schedule: what runs next.</summary>
    private void Step()
    {
        int choice = _random.Next(100);
        if (choice < 62)
        {
            MakeRoom();
            if (_fatal is null)
            {
                _subject.Operate();
                _coverage.Count("operations");
            }
        }
        else if (choice < 88)
        {
            Commit();
        }
        else if (choice < 95)
        {
            Maintain(force: false);
        }
        else if (choice < 96)
        {
            Maintain(force: true);
        }
        else
        {
            _subject.JudgeReads(all: false);
        }
    }

    private bool HasRoom => _engine!.Admission.HasRoom(0, hasRecords: !_engine.SendsRefused);

    private void MakeRoom()
    {
        for (int turn = 0; !HasRoom && _fatal is null; turn++)
        {
            Check(turn < 20, "there is room again after maintenance");
            Commit();
            Maintain(force: false);
        }
    }

    private void Commit()
    {
        _engine!.CommitOnce();
        _subject.Settle();
    }

    private void Maintain(bool force)
    {
        try
        {
            _isMaintaining = true;
            _engine!.Maintain(force);
        }
        catch (Exception fault) when (fault is StorageFaultException or SimCrashException)
        {
            _fatal ??= fault;
        }
        finally
        {
            _isMaintaining = false;
        }

        _subject.Settle();
    }

    private void End(CycleEnd end)
    {
        switch (end)
        {
            case CycleEnd.PowerCutAtCall:
                _disk.CrashAt(_disk.DurableCalls + 1 + _random.Next(60));
                RunUntilDead();
                Die();
                break;
            case CycleEnd.PowerCutAtBoundary:
                CutPowerAtBoundary();
                RunUntilDead();
                Die();
                break;
            case CycleEnd.PowerCutAtRest:
                Die();
                break;
            case CycleEnd.Kill:
                Kill();
                break;
            case CycleEnd.CleanStop:
                Stop();
                break;
            case CycleEnd.PowerCutInStop:
                CutPowerInStop();
                break;
            case CycleEnd.JournalFault:
                FailJournal();
                break;
            case CycleEnd.BackgroundFault:
                FailInBackground();
                break;
            case CycleEnd.DiskFull:
                FillDisk();
                break;
            case CycleEnd.Rot:
                Rot();
                break;
        }
    }

    private void CutPowerInStop()
    {
        _disk.CrashAt(_disk.DurableCalls + 1 + _random.Next(15));
        try
        {
            Stop();
        }
        catch (SimCrashException cut)
        {
            _fatal = cut;
        }

        Die();
    }

    private void CutPowerAtBoundary()
    {
        DurableBoundary boundary = DurableBoundary.Required[_random.Next(DurableBoundary.Required.Count)];
        bool isOfBallast = boundary.Target == DiskWatch.BallastName;
        if (isOfBallast && _disk.Exists(DiskWatch.BallastName))
        {
            // It is made once; an operator in need may have taken it.
            _disk.Delete(DiskWatch.BallastName);
        }

        _disk.CrashNext(boundary.Call, name => DurableBoundary.Of(boundary.Call, name) == boundary, isOfBallast ? 1 : 1 + _random.Next(3));
    }

    private void RunUntilDead()
    {
        for (int operation = 0; operation < OperationsToEventMax && _fatal is null; operation++)
        {
            Step();
        }

        Check(_fatal is null or SimCrashException, $"only the power cut ends the engine: {_fatal}");
    }

    private void FailJournal()
    {
        StorageFault fault = _random.Next(2) == 0 ? StorageFault.Io : StorageFault.DiskFull;
        SimCall call = _random.Next(2) == 0 ? SimCall.Write : SimCall.DataSync;
        string target = _random.Next(3) == 0 ? "META" : "journal slot";
        _disk.FailNext(call, fault, name => DurableBoundary.Of(call, name).Target == target, 1 + _random.Next(3));
        for (int operation = 0; operation < OperationsToEventMax && _fatal is null; operation++)
        {
            Step();
        }

        if (_fatal is not null)
        {
            Check(_fatal is StorageFaultException, $"the fault of the disk ends the engine: {_fatal}");
            _coverage.Count("died of a fault of " + target);

            // Who is dead stays dead: nothing more is acknowledged, whatever still calls.
            _engine!.CommitOnce();
            _subject.Settle();
        }

        if (_random.Next(2) == 0)
        {
            Kill();
        }
        else
        {
            Die();
        }
    }

    private void FailInBackground()
    {
        DurableBoundary[] background = [.. DurableBoundary.Required.Where(boundary =>
            boundary.Target.StartsWith("new ", StringComparison.Ordinal) || boundary.Target is "pack" or "checkpoint"
            || (boundary.Call == SimCall.SyncFolder && boundary.Target != "root folder"))];
        DurableBoundary chosen = background[_random.Next(background.Length)];
        StorageFault fault = _random.Next(3) == 0 ? StorageFault.DiskFull : StorageFault.Io;
        _disk.FailNext(chosen.Call, fault, name => DurableBoundary.Of(chosen.Call, name) == chosen);
        for (int operation = 0; operation < OperationsMin; operation++)
        {
            Step();
            Check(_fatal is null, $"one {fault} at {chosen} ended the engine: {_fatal}");
        }

        _disk.ClearPlan();
        StopSomehow();
    }

    private void FillDisk()
    {
        long used = CapacityUnlimited - _disk.FreeBytes();
        _disk.CapacityBytes = used + _random.Next(48 << 10);
        for (int operation = 0; operation < OperationsMin; operation++)
        {
            StepWithFullDisk();
            Check(_fatal is null, $"a full disk ended the engine: {_fatal}");
        }

        if (_engine!.SendsRefused)
        {
            _coverage.Count("sends refused for want of space");
        }

        if (_random.Next(3) > 0)
        {
            _disk.CapacityBytes = CapacityUnlimited;
            Maintain(force: false);
            Maintain(force: false);
            Check(!_engine.SendsRefused, "sends are accepted when there is space again");
            MakeRoom();
        }

        StopSomehow();
        _disk.CapacityBytes = CapacityUnlimited;
    }

    // With no space nobody can promise room: who finds none waits.
    private void StepWithFullDisk()
    {
        if (HasRoom)
        {
            Step();
        }
        else
        {
            Commit();
            Maintain(force: false);
        }
    }

    private void Rot()
    {
        IReadOnlyList<string> packs = _disk.List("packs");
        if (packs.Count > 0)
        {
            string pack = "packs/" + packs[_random.Next(packs.Count)];
            using (var file = _disk.Open(pack, create: false))
            {
                _disk.FlipBit(pack, _random.NextInt64(file.Length), _random.Next(8));
            }

            _coverage.Count("packs rotted");
            _subject.Rotted();
        }

        for (int operation = 0; operation < OperationsMin; operation++)
        {
            Step();
            Check(_fatal is null, $"a rotten pack ended the engine: {_fatal}");
        }

        _subject.JudgeReads(all: true);
        StopSomehow();
    }

    private void StopSomehow()
    {
        switch (_random.Next(3))
        {
            case 0:
                Die();
                break;
            case 1:
                Kill();
                break;
            default:
                Stop();
                break;
        }
    }

    private void Die()
    {
        _engine?.Abandon();
        if (_fatal is SimCrashException && _disk.LastCrash is { } cut)
        {
            _coverage.Crashed(DurableBoundary.Of(cut.Call, cut.Name));
        }

        _disk.ClearPlan();
        if (_random.Next(4) == 0)
        {
            // kill -9 in the middle of the call: what the machine's cache has is all there, and synced is none of it.
            _coverage.Count("kills inside durable calls");
            _disk.Kill();
        }
        else
        {
            _disk.Crash(_random);
        }

        _engine = null;
        _subject.Lost();
    }

    private void Kill()
    {
        _engine?.Abandon();
        _disk.ClearPlan();
        _disk.Kill();
        _engine = null;
        _subject.Lost();
    }

    private void Stop()
    {
        _subject.Stop();
        _subject.Settle();
        _engine = null;
        _subject.Lost();
    }

    private static void Check(bool condition, string expected) => SimulationException.Check(condition, expected);
}
