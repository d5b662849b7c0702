using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Simulation.Harness;

/// <summary>
/// The end of a run: maintenance comes to rest, what lives takes a bounded multiple of its own bytes, and when everything is
/// consumed the packs go away.
/// </summary>
internal sealed class SpaceCheck(LogEngine engine, SimDisk disk, ISimulatedSubject subject)
{
    private const int TurnsMax = 40;

    public void Run()
    {
        Rest("with what lives");
        subject.JudgeReads(all: true);
        subject.ConsumeAll();
        Commit();
        engine.Maintain(force: true);
        Rest("with nothing that lives");
        engine.Maintain(force: true);
        Commit();
        SimulationException.Check(disk.List("packs").Count == 0, $"packs of dead data go away; there are {string.Join(", ", disk.List("packs"))}");
        SimulationException.Check(disk.List("journal").Count <= subject.JournalSlots, $"the ring is bounded; there are {disk.List("journal").Count} slots");
        SimulationException.Check(disk.List("checkpoints").Count == 1, "one checkpoint is kept");
        subject.JudgeReads(all: true);
    }

    // Maintenance that has nothing to do writes nothing: copying for ever would wear out any disk.
    private void Rest(string state)
    {
        Commit();
        for (int turn = 0; turn < TurnsMax; turn++)
        {
            long before = disk.DurableCalls;
            engine.Maintain();
            if (disk.DurableCalls == before)
            {
                return;
            }
        }

        throw new SimulationException($"maintenance comes to rest {state}");
    }

    private void Commit()
    {
        while (engine.CommitOnce())
        {
        }

        subject.Settle();
    }
}
