using Messaging.Storage.Check;
using Messaging.Storage.Disk;
using Messaging.Storage.Tests.Check;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>A stream that is dropped while a checkpoint of it is under way: until the drop is synced, the stream is whole.</summary>
public sealed class DropDuringCheckpointTests
{
    [Fact]
    public void A_stream_whose_drop_was_never_synced_has_its_records_after_a_crash()
    {
        var disk = new SimDisk(1);
        var hooked = new HookedDisk(disk);
        var run = new SampleRun(hooked);
        LogStream stream = run.CreateStream("kept");
        run.Send(stream, 50);
        run.Commit();
        run.Send(stream, 60);
        string before = "";
        hooked.OnJournalSync = () =>
        {
            hooked.OnJournalSync = null;
            before = $"stream 1: low 0, next {stream.Next}, live 2";
            run.Drop(stream);
        };
        run.Engine.Maintain(force: true);
        run.Engine.Abandon();
        disk.Crash(new Random(1));

        Assert.Empty(FolderCheck.Run(disk).Damages);
        var again = new SampleRun(disk);
        Assert.Contains(before, again.Describe(), StringComparison.Ordinal);
        Assert.Contains("stream 1 offset 1", again.Describe(), StringComparison.Ordinal);
        again.StopClean();
    }

    /// <summary>Calls in the middle of a journal file's sync, as another thread would.</summary>
    private sealed class HookedDisk(IDisk disk) : IDisk
    {
        public Action? OnJournalSync { get; set; }

        public IDiskFile Open(string name, bool create)
        {
            IDiskFile file = disk.Open(name, create);
            return name.EndsWith(".jnl", StringComparison.Ordinal) ? new HookedFile(file, this) : file;
        }

        public bool Exists(string name) => disk.Exists(name);

        public IReadOnlyList<string> List(string folder) => disk.List(folder);

        public void CreateFolder(string folder) => disk.CreateFolder(folder);

        public void Rename(string from, string to) => disk.Rename(from, to);

        public void Delete(string name) => disk.Delete(name);

        public void SyncFolder(string folder) => disk.SyncFolder(folder);

        public long FreeBytes() => disk.FreeBytes();

        public IDisposable Lock() => disk.Lock();
    }

    private sealed class HookedFile(IDiskFile file, HookedDisk disk) : IDiskFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position) => file.Read(destination, position);

        public void Write(ReadOnlySpan<byte> source, long position) => file.Write(source, position);

        public void DataSync()
        {
            disk.OnJournalSync?.Invoke();
            file.DataSync();
        }

        public void WriteZeros(long length) => file.WriteZeros(length);

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public void DropCache() => file.DropCache();

        public void Dispose() => file.Dispose();
    }
}
