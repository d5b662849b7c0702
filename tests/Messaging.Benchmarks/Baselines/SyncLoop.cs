using System.Diagnostics;
using System.Runtime.InteropServices;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Baselines;

/// <summary>One thread that writes 4 KiB to a zero-filled file and syncs, over and over: the least that one durable write can take.</summary>
internal sealed unsafe class SyncLoop(string path) : IDisposable
{
    private readonly ZeroFile _file = new(path);

    public Sample Run(double seconds)
    {
        var latencies = new Latencies();
        byte* page = (byte*)NativeMemory.AlignedAlloc(ZeroFile.Alignment, ZeroFile.Alignment);
        new Span<byte>(page, ZeroFile.Alignment).Fill((byte)'x');
        long started = Stopwatch.GetTimestamp();
        long deadline = started + (long)(seconds * Stopwatch.Frequency);
        long begun = started;
        while (begun < deadline)
        {
            _file.Append(page, ZeroFile.Alignment);
            long ended = Stopwatch.GetTimestamp();
            latencies.Add(begun, ended);
            begun = ended;
        }

        NativeMemory.AlignedFree(page);
        return new Sample(latencies.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }

    public void Dispose() => _file.Dispose();
}
