using System.Diagnostics;
using Messaging.Benchmarks.Measuring;
using Messaging.Storage.Disk;

namespace Messaging.Benchmarks.InProcess;

/// <summary>The real disk, with the journal's writes and syncs counted and timed, and its syncs slowed down where the row asks for it.</summary>
internal sealed class MeasuredDisk(IDisk inner, SyncDelay delay = default) : IDisk
{
    private readonly SyncDelay _delay = delay;
    private long _syncs;
    private long _writeTicks;
    private long _syncTicks;

    /// <summary>Of files in the folder journal.</summary>
    public SyncCounts Counts => new(
        Volatile.Read(ref _syncs), Volatile.Read(ref _writeTicks) / (double)Stopwatch.Frequency, Volatile.Read(ref _syncTicks) / (double)Stopwatch.Frequency);

    public IDiskFile Open(string name, bool create) =>
        name.StartsWith("journal/", StringComparison.Ordinal) && name.EndsWith(".jnl", StringComparison.Ordinal)
            ? new JournalFile(inner.Open(name, create), this)
            : inner.Open(name, create);

    public IDiskFile CreateUncached(string name) => inner.CreateUncached(name);

    public bool Exists(string name) => inner.Exists(name);

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public void CreateFolder(string folder) => inner.CreateFolder(folder);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public bool TryLink(string from, string to) => inner.TryLink(from, to);

    public int CountNames(string name) => inner.CountNames(name);

    public void Delete(string name) => inner.Delete(name);

    public void SyncFolder(string folder) => inner.SyncFolder(folder);

    public long FreeBytes() => inner.FreeBytes();

    public IDisposable Lock() => inner.Lock();

    private sealed class JournalFile(IDiskFile file, MeasuredDisk disk) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position) => file.Read(destination, position);

        public int ReadCached(Span<byte> destination, long position) => file.ReadCached(destination, position);

        public void Write(ReadOnlySpan<byte> source, long position) => file.Write(source, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long position)
        {
            long started = Stopwatch.GetTimestamp();
            file.Write(pieces, position);
            Interlocked.Add(ref disk._writeTicks, Stopwatch.GetTimestamp() - started);
        }

        public void DataSync()
        {
            long started = Stopwatch.GetTimestamp();
            file.DataSync();
            disk._delay.Wait(started);
            Interlocked.Add(ref disk._syncTicks, Stopwatch.GetTimestamp() - started);
            Interlocked.Increment(ref disk._syncs);
        }

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public void DropCache() => file.DropCache();

        public void Dispose() => file.Dispose();
    }
}
