using Messaging.Storage;

namespace Messaging.TestKit;

/// <summary>What a durable call is told: go on, fail, or (after what may happen has happened) lose the power.</summary>
internal readonly record struct SimVerdict(bool Crash, StorageFault? Fault);

/// <summary>Counts the durable calls of a <see cref="SimDisk"/> and knows which of them are to fail. Guarded by the disk's lock.</summary>
internal sealed class SimFaultPlan
{
    private readonly List<Planned> _planned = [];

    public long Calls { get; private set; }

    public void CrashAt(long call) => _planned.Add(new Planned(call, null, "", 0, null));

    public void FailAt(long call, StorageFault fault) => _planned.Add(new Planned(call, null, "", 0, fault));

    public void FailNext(SimCall kind, StorageFault fault, int nth, string namePrefix)
        => _planned.Add(new Planned(0, kind, namePrefix, nth, fault));

    public void Clear() => _planned.Clear();

    public SimVerdict Next(SimCall kind, string name)
    {
        Calls++;
        for (var index = 0; index < _planned.Count; index++)
        {
            var planned = _planned[index];
            if (planned.Kind is not null && planned.Kind == kind && name.StartsWith(planned.NamePrefix, StringComparison.Ordinal))
            {
                planned = planned with { Left = planned.Left - 1 };
                _planned[index] = planned;
            }

            if (planned.Kind is null ? planned.Call == Calls : planned.Left == 0)
            {
                _planned.RemoveAt(index);
                return new SimVerdict(planned.Fault is null, planned.Fault);
            }
        }

        return default;
    }

    private readonly record struct Planned(long Call, SimCall? Kind, string NamePrefix, int Left, StorageFault? Fault);
}
