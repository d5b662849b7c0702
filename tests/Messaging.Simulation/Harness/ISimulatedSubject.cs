using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Simulation.Harness;

/// <summary>
/// What is simulated: a workload over an engine, and the model that judges it. The harness decides when the journal and
/// maintenance run, when the power goes and what fails; the subject decides what is asked and knows what must be true. Both draw
/// from one Random, so one seed is one run. Every method that judges throws <see cref="SimulationException"/> on a wrong answer.
/// </summary>
internal interface ISimulatedSubject
{
    /// <summary>What bounds the ring.</summary>
    int JournalSlots { get; }

    /// <summary>Opens the folder, without threads. May throw what the disk threw.</summary>
    LogEngine Open(SimDisk disk, Action<Exception> fatal);

    /// <summary>After every successful opening: what was recovered is what may be there, and becomes what is known.</summary>
    void JudgeRecovery();

    /// <summary>One operation, in memory only.</summary>
    void Operate();

    /// <summary>After every turn of the journal or of maintenance: takes note of the commits that have completed.</summary>
    void Settle();

    /// <summary>Reads something and judges it. <paramref name="all"/>: everything that is visible.</summary>
    void JudgeReads(bool all);

    /// <summary>A clean stop: all that was asked is answered, and the engine has ended. May throw what the disk threw.</summary>
    void Stop();

    /// <summary>The engine is gone: what was not acknowledged is unknown from here on.</summary>
    void Lost();

    /// <summary>Bits of a sealed file have rotted: from here on records may answer that they are damaged, but never anything else.</summary>
    void Rotted();

    /// <summary>Consumes or deletes everything that is there, so that the harness can see the space come back.</summary>
    void ConsumeAll();
}
