using System.Diagnostics;
using Messaging.Benchmarks.Measuring;
using Messaging.Storage.Disk;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// What the disk takes where every byte is written twice, by nothing but writes: one thread writes a MiB and syncs it, around and around files that were filled with zeros; another writes as much, past
/// the cache and a MiB at a time, into one new file of 64 MiB after the other, never more than <see cref="BehindBytesMax"/> behind the first.
/// </summary>
internal sealed class TwiceWritten : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private const long RingBytes = 512L << 20;
    private const long FileBytes = 64L << 20;
    private const long BehindBytesMax = 128L << 20;
    private const int FilesKept = 16;

    private readonly PosixDisk _disk;
    private readonly IDiskFile _ring;
    private readonly AlignedBuffer _piece = new(PieceBytes);
    private long _synced;
    private long _copied;
    private int _files;
    private volatile bool _isOver;

    public TwiceWritten(string folder)
    {
        _disk = new PosixDisk(folder);
        _ring = _disk.Open("ring", create: true);
        _piece.Span.Clear();
        for (long position = 0; position < RingBytes; position += PieceBytes)
        {
            _ring.Write(_piece.Span, position);
        }

        _ring.DataSync();
        _piece.Span.Fill((byte)'x');
    }

    /// <summary>The rate is that of the first thread in bytes, and so of what is written once and again.</summary>
    public Sample Run(double seconds)
    {
        _isOver = false;
        var latencies = new Latencies();
        var copying = new Thread(Copy);
        copying.Start();
        long before = _synced;
        long started = Stopwatch.GetTimestamp();
        long begun = started;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            if (_synced - Volatile.Read(ref _copied) >= BehindBytesMax)
            {
                Thread.Yield();
                continue;
            }

            _ring.Write(_piece.Span, _synced % RingBytes);
            _ring.DataSync();
            Volatile.Write(ref _synced, _synced + PieceBytes);
            long ended = Stopwatch.GetTimestamp();
            latencies.Add(begun, ended);
            begun = ended;
        }

        double rate = (_synced - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        _isOver = true;
        copying.Join();
        return new Sample(rate, latencies);
    }

    public void Dispose() => _ring.Dispose();

    private void Copy()
    {
        while (!_isOver)
        {
            string name = $"copy-{_files++ % FilesKept}";
            if (_disk.Exists(name))
            {
                _disk.Delete(name);
            }

            using IDiskFile file = _disk.CreateUncached(name);
            file.Allocate(FileBytes);
            for (long position = 0; position < FileBytes && !_isOver;)
            {
                if (_copied >= Volatile.Read(ref _synced))
                {
                    Thread.Yield();
                    continue;
                }

                file.Write(_piece.Span, position);
                position += PieceBytes;
                Volatile.Write(ref _copied, _copied + PieceBytes);
            }

            file.DataSync();
        }
    }
}
