using System.ComponentModel;
using System.Diagnostics;
using Messaging.Benchmarks.Measuring;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// A file that was filled with zeros and synced once, then written from front to back and over again in 4-KiB steps, each write followed
/// by one fdatasync: what the journal's file costs at least. One user at a time.
/// </summary>
internal sealed unsafe class ZeroFile : IDisposable
{
    public const int Alignment = 4096;
    private const long FileBytes = 64 << 20;

    private readonly SafeFileHandle _file;
    private long _position;
    private SyncCounts _counts;

    public ZeroFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        byte[] zeros = new byte[1 << 20];
        for (long position = 0; position < FileBytes; position += zeros.Length)
        {
            RandomAccess.Write(_file, zeros, position);
        }

        Check(LibC.DataSync(_file));
    }

    public SyncCounts Counts => _counts;

    /// <summary>One write at the next place, one sync. The count is a multiple of <see cref="Alignment"/>.</summary>
    public void Append(byte* bytes, int count)
    {
        if (_position + count > FileBytes)
        {
            _position = 0;
        }

        long started = Stopwatch.GetTimestamp();
        nint written = LibC.Write(_file, bytes, count, _position);
        if (written != count)
        {
            throw new Win32Exception();
        }

        long middle = Stopwatch.GetTimestamp();
        Check(LibC.DataSync(_file));
        _position += count;
        _counts = new SyncCounts(
            _counts.Syncs + 1,
            _counts.WriteSeconds + Stopwatch.GetElapsedTime(started, middle).TotalSeconds,
            _counts.SyncSeconds + Stopwatch.GetElapsedTime(middle).TotalSeconds);
    }

    public void Dispose() => _file.Dispose();

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception();
        }
    }
}
