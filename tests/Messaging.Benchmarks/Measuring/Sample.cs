namespace Messaging.Benchmarks.Measuring;

/// <summary>What one run of one side brought.</summary>
/// <param name="Rate">Operations (or messages, where the row says so) per second.</param>
/// <param name="Latencies">Of every operation.</param>
internal sealed record Sample(double Rate, Latencies Latencies)
{
    /// <summary>Microseconds of the server's processor, user and system, per operation; zero where nobody measured it.</summary>
    public double CpuMicroseconds { get; init; }

    /// <summary>Managed bytes allocated per operation, of the whole process; zero where nobody measured it.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>What the journal (or the bare loop's file) did meanwhile.</summary>
    public SyncCounts Syncs { get; init; }

    public double P50 => Latencies.At(0.5);
}

/// <summary>Calls and time of one file's writes and syncs.</summary>
internal readonly record struct SyncCounts(long Syncs, double WriteSeconds, double SyncSeconds)
{
    public static SyncCounts operator -(SyncCounts later, SyncCounts earlier) =>
        new(later.Syncs - earlier.Syncs, later.WriteSeconds - earlier.WriteSeconds, later.SyncSeconds - earlier.SyncSeconds);
}
