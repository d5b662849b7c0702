using Messaging.Storage;

namespace Messaging.TestKit;

/// <summary>What a durable call is told: go on, fail, or (after what may happen has happened) lose the power.</summary>
internal readonly record struct SimVerdict(bool Crash, StorageFault? Fault);

/// <summary>Counts the durable calls of a <see cref="SimDisk"/> and knows which of them are to fail. Guarded by the disk's lock.</summary>
internal sealed class SimFaultPlan
{
    private readonly List<Planned> _planned = [];

    public long Calls { get; private set; }

    /// <summary>The call in the middle of which the power went last.</summary>
    public (SimCall Call, string Name)? LastCrash { get; private set; }

    /// <summary>Told of every durable call before it happens.</summary>
    public Action<SimCall, string>? Observer { get; set; }

    public void CrashAt(long call) => _planned.Add(new Planned(call, null, Any, 0, null));

    public void FailAt(long call, StorageFault fault) => _planned.Add(new Planned(call, null, Any, 0, fault));

    /// <summary>No fault: the power goes.</summary>
    public void PlanNext(SimCall kind, StorageFault? fault, int nth, Func<string, bool> names)
        => _planned.Add(new Planned(0, kind, names, nth, fault));

    public void Clear() => _planned.Clear();

    public SimVerdict Next(SimCall kind, string name)
    {
        // First, for the observer may make calls of its own: those come before this one.
        Observer?.Invoke(kind, name);
        Calls++;
        for (var index = 0; index < _planned.Count; index++)
        {
            var planned = _planned[index];
            if (planned.Kind is not null && planned.Kind == kind && planned.Names(name))
            {
                planned = planned with { Left = planned.Left - 1 };
                _planned[index] = planned;
            }

            if (planned.Kind is null ? planned.Call == Calls : planned.Left == 0)
            {
                _planned.RemoveAt(index);
                LastCrash = planned.Fault is null ? (kind, name) : LastCrash;
                return new SimVerdict(planned.Fault is null, planned.Fault);
            }
        }

        return default;
    }

    private static bool Any(string name) => true;

    private readonly record struct Planned(long Call, SimCall? Kind, Func<string, bool> Names, int Left, StorageFault? Fault);
}
