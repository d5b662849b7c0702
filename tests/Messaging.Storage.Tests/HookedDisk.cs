using Messaging.Storage.Disk;

namespace Messaging.Storage.Tests;

/// <summary>A disk that tells of calls before they happen, as another thread may act in the middle of them; a hook that throws fails the call.</summary>
internal sealed class HookedDisk(IDisk disk) : IDisk
{
    public Action<string>? OnOpen { get; set; }

    /// <summary>The file, from where on and how many bytes of it are wanted.</summary>
    public Action<string, long, int>? OnRead { get; set; }

    public Action<string>? OnSync { get; set; }

    /// <summary>Whether what is read may be in memory already.</summary>
    public bool HasCache { get; set; } = true;

    /// <summary>Whether its file system gives files second names.</summary>
    public bool HasLinks { get; set; } = true;

    public IDiskFile Open(string name, bool create)
    {
        OnOpen?.Invoke(name);
        return new HookedFile(disk.Open(name, create), name, this);
    }

    public IDiskFile CreateUncached(string name)
    {
        OnOpen?.Invoke(name);
        return new HookedFile(disk.CreateUncached(name), name, this);
    }

    public bool Exists(string name) => disk.Exists(name);

    public IReadOnlyList<string> List(string folder) => disk.List(folder);

    public void CreateFolder(string folder) => disk.CreateFolder(folder);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public bool TryLink(string from, string to) => HasLinks && disk.TryLink(from, to);

    public int CountNames(string name) => disk.CountNames(name);

    public void Delete(string name) => disk.Delete(name);

    public void SyncFolder(string folder) => disk.SyncFolder(folder);

    public long FreeBytes() => disk.FreeBytes();

    public IDisposable Lock() => disk.Lock();

    private sealed class HookedFile(IDiskFile file, string name, HookedDisk disk) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position)
        {
            disk.OnRead?.Invoke(name, position, destination.Length);
            return file.Read(destination, position);
        }

        public int ReadCached(Span<byte> destination, long position) => disk.HasCache ? Read(destination, position) : 0;

        public void Write(ReadOnlySpan<byte> source, long position) => file.Write(source, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long position) => file.Write(pieces, position);

        public void DataSync()
        {
            disk.OnSync?.Invoke(name);
            file.DataSync();
        }

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public void DropCache() => file.DropCache();

        public void Dispose() => file.Dispose();
    }
}
