using Messaging.Storage;

namespace Messaging.TestKit;

/// <summary>The power, the processes and the chance under a <see cref="SimDisk"/> and its files. Everything is guarded by <see cref="Gate"/>.</summary>
internal sealed class SimMachine(int seed)
{
    private bool _isDown;

    public Lock Gate { get; } = new();

    public Random Random { get; } = new(seed);

    public SimFaultPlan Plan { get; } = new();

    /// <summary>Grows with every start; what was opened in an earlier one is dead.</summary>
    public int Epoch { get; private set; }

    public void Restart()
    {
        Epoch++;
        _isDown = false;
    }

    public void CheckUp()
    {
        if (_isDown)
        {
            throw new SimCrashException("The simulated machine is down.");
        }
    }

    public void CheckAlive(int epoch, string name)
    {
        CheckUp();
        if (epoch != Epoch)
        {
            throw new StorageFaultException(StorageFault.Io, $"'{name}' was opened before the crash.");
        }
    }

    /// <summary>For calls that do nothing at all when they fail. True: the power goes in the middle of it.</summary>
    public bool Begin(SimCall call, string name)
    {
        var verdict = Plan.Next(call, name);
        ThrowIfFault(verdict, call, name);
        return verdict.Crash;
    }

    public void ThrowIfFault(SimVerdict verdict, SimCall call, string name)
    {
        if (verdict.Fault is { } fault)
        {
            throw new StorageFaultException(fault, $"{call} of '{name}' failed: injected at durable call {Plan.Calls}");
        }
    }

    /// <summary>Called where the effect of a call is unsynced yet: what of it survives is decided by the crash.</summary>
    public void CrashIf(bool crash)
    {
        if (crash)
        {
            _isDown = true;
            throw new SimCrashException($"The simulated machine lost its power at durable call {Plan.Calls}.");
        }
    }

    public static StorageFaultException Missing(string call, string name)
        => new(StorageFault.Io, $"{call} of '{name}' failed: errno 2 (no such file or folder)");
}
