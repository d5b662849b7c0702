namespace Messaging.Simulation.Harness;

/// <summary>What ends a cycle, or strikes in its middle.</summary>
internal enum CycleEnd
{
    /// <summary>The power goes in the middle of a durable call chosen by its number.</summary>
    PowerCutAtCall,
    /// <summary>The power goes in the middle of a durable call chosen by its kind, so that rare ones get their share.</summary>
    PowerCutAtBoundary,
    /// <summary>The power goes between two calls.</summary>
    PowerCutAtRest,
    /// <summary>The process dies, the machine's cache stays.</summary>
    Kill,
    CleanStop,
    /// <summary>The power goes during a clean stop, or right after it.</summary>
    PowerCutInStop,
    /// <summary>A write or sync of the journal or of META fails: the engine must die, and must not have acknowledged.</summary>
    JournalFault,
    /// <summary>A write or sync of a pack, checkpoint or new slot fails: the engine must go on.</summary>
    BackgroundFault,
    /// <summary>The volume has no space left for a while: the engine must go on.</summary>
    DiskFull,
    /// <summary>Bits of a pack flip: the engine must go on and never answer wrong bytes.</summary>
    Rot,
}
