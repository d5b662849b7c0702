using System.Diagnostics;
using Messaging.Benchmarks.Measuring;
using Messaging.Storage.Disk;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// What the disk takes of frames of <see cref="FrameBytes"/>, about those of a server that 16 connections publish 100 KiB each to, by nothing but writes: one thread writes a frame and syncs it, into one
/// new file of the size of a journal's after the other, and lets the page cache go of the older ones. Nothing is built, checked or answered.
/// </summary>
internal sealed class SyncedFrames : IDisposable
{
    public const int FrameBytes = 832 << 10;
    private const long FileBytes = 32L << 20;
    private const int FilesCached = 8;

    private readonly PosixDisk _disk;
    private readonly byte[] _frame = new byte[FrameBytes];
    private readonly Queue<IDiskFile> _cached = new();
    private IDiskFile? _file;
    private long _position = FileBytes;
    private int _files;

    public SyncedFrames(string folder)
    {
        _disk = new PosixDisk(folder);
        new Random(1).NextBytes(_frame);
    }

    /// <summary>The rate is in bytes.</summary>
    public Sample Run(double seconds)
    {
        var latencies = new Latencies();
        long started = Stopwatch.GetTimestamp();
        long begun = started;
        long written = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            IDiskFile file = FileFor();
            file.Write(_frame, _position);
            file.DataSync();
            _position += FrameBytes;
            written += FrameBytes;
            long ended = Stopwatch.GetTimestamp();
            latencies.Add(begun, ended);
            begun = ended;
        }

        return new Sample(written / Stopwatch.GetElapsedTime(started).TotalSeconds, latencies);
    }

    public void Dispose()
    {
        _file?.Dispose();
        foreach (IDiskFile file in _cached)
        {
            file.Dispose();
        }
    }

    private IDiskFile FileFor()
    {
        if (_position + FrameBytes <= FileBytes)
        {
            return _file!;
        }

        if (_file is not null)
        {
            _cached.Enqueue(_file);
        }

        if (_cached.Count > FilesCached)
        {
            using IDiskFile oldest = _cached.Dequeue();
            oldest.DropCache();
        }

        _file = _disk.Open($"frames-{_files++}", create: true);
        _file.Allocate(FileBytes);
        _file.DataSync();
        _position = 0;
        return _file;
    }
}
