using System.Diagnostics;
using Messaging.Storage.Disk;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Disk;

public sealed class PosixDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PosixDisk _disk;

    public PosixDiskTests() => _disk = new PosixDisk(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_at_its_position_also_after_the_cache_is_dropped()
    {
        using var file = _disk.Open("a", create: true);
        file.Write("hello"u8, 4096);
        file.DataSync();
        file.DropCache();

        var bytes = new byte[16];
        Assert.Equal(5, file.Read(bytes, 4096));
        Assert.Equal("hello"u8, bytes.AsSpan(0, 5));
        Assert.Equal(4101, file.Length);
        Assert.Equal(0, file.Read(bytes, 5000));
    }

    [Fact]
    public void Pieces_are_written_one_behind_the_other()
    {
        using var file = _disk.Open("a", create: true);
        file.Write([.. Enumerable.Range(0, 600).Select(piece => new ReadOnlyMemory<byte>([(byte)piece, (byte)(piece + 1)]))], 5);

        var bytes = new byte[1300];
        Assert.Equal(1205, file.Read(bytes, 0));
        Assert.Equal(Enumerable.Range(0, 600).SelectMany(piece => new[] { (byte)piece, (byte)(piece + 1) }), bytes[5..1205]);
    }

    [Fact]
    public void A_second_name_is_the_same_file_until_the_last_one_goes()
    {
        _disk.CreateFolder("b");
        using (var file = _disk.Open("a", create: true)) file.Write("hello"u8, 0);
        Assert.Equal(1, _disk.CountNames("a"));
        Assert.True(_disk.TryLink("a", "b/c"));
        Assert.Equal(2, _disk.CountNames("a"));
        using (var file = _disk.Open("b/c", create: false)) file.Write("J"u8, 0);
        _disk.Delete("b/c");

        using var first = _disk.Open("a", create: false);
        var bytes = new byte[5];
        Assert.Equal(5, first.Read(bytes, 0));
        Assert.Equal("Jello"u8, bytes);
        Assert.Equal(1, _disk.CountNames("a"));
    }

    [Fact]
    public void A_second_name_that_is_taken_or_of_a_missing_file_is_a_fault()
    {
        _disk.Open("a", create: true).Dispose();
        _disk.Open("b", create: true).Dispose();
        Assert.Contains("link of 'a' failed: errno 17", Assert.Throws<StorageFaultException>(() => _disk.TryLink("a", "b")).Message);
        Assert.Contains("link of 'c' failed: errno 2", Assert.Throws<StorageFaultException>(() => _disk.TryLink("c", "d")).Message);
        Assert.Throws<StorageFaultException>(() => _disk.CountNames("c"));
    }

    [Fact]
    public void A_second_name_on_another_volume_is_not_possible() =>
        Assert.False(new PosixDisk("/").TryLink("proc/version", $"dev/shm/{Path.GetRandomFileName()}"));

    [Fact]
    public void What_is_in_memory_is_read_without_the_medium_and_what_is_not_is_not_read()
    {
        var sent = new byte[1 << 20];
        new Random(1).NextBytes(sent);
        using var file = _disk.Open("a", create: true);
        file.Write(sent, 0);
        file.DataSync();
        var bytes = new byte[sent.Length];
        Assert.Equal(bytes.Length, file.ReadCached(bytes, 0));
        Assert.Equal(sent, bytes);
        Assert.Equal(0, file.ReadCached(bytes, sent.Length));

        file.DropCache();
        Assert.InRange(file.ReadCached(bytes, 0), 0, sent.Length - 1);
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        Assert.Equal(bytes.Length, file.ReadCached(bytes, 0));
        Assert.Equal(sent, bytes);
    }

    [Fact]
    public void Pieces_without_space_are_a_full_disk()
    {
        using var file = new PosixDisk("/dev").Open("full", create: false);
        var fault = Assert.Throws<StorageFaultException>(() => file.Write([new byte[10], new byte[10]], 0));
        Assert.Equal(StorageFault.DiskFull, fault.Fault);
        Assert.Contains("pwritev of 'full' failed: errno 28", fault.Message);
    }

    // On a file system in memory too, which has nothing but the cache.
    [Theory]
    [InlineData(null)]
    [InlineData("/dev/shm")]
    public void What_passes_the_cache_by_is_read_as_any_other_file(string? parent)
    {
        using var folder = new TemporaryFolder(parent);
        var disk = new PosixDisk(folder.Path);
        var buffer = new AlignedBuffer(3 * AlignedBuffer.Alignment);
        new Random(1).NextBytes(buffer.Span);
        using (var file = disk.CreateUncached("a"))
        {
            file.Allocate(100_000);
            file.Write(buffer.Span, 0);
            file.Write(buffer.Span[..AlignedBuffer.Alignment], buffer.Length);
            file.SetLength(buffer.Length + 10);
            file.DataSync();
        }

        using var found = disk.Open("a", create: false);
        var bytes = new byte[buffer.Length + 100];
        Assert.Equal(buffer.Length + 10, found.Read(bytes, 0));
        Assert.True(buffer.Span.SequenceEqual(bytes.AsSpan(0, buffer.Length)));
        Assert.True(buffer.Span[..10].SequenceEqual(bytes.AsSpan(buffer.Length, 10)));
    }

    [Fact]
    public void Allocate_reserves_and_extends_and_SetLength_cuts()
    {
        using var file = _disk.Open("a", create: true);
        file.Allocate(1 << 20);
        Assert.Equal(1 << 20, file.Length);
        file.SetLength(10);
        Assert.Equal(10, file.Length);
    }

    [Fact]
    public void An_allocation_beyond_the_volume_is_a_full_disk()
    {
        using var file = _disk.Open("a", create: true);

        // More than any file may have (EFBIG, which is no full disk), and not only more than there is: some file systems take all that there is before they fail.
        var fault = Assert.Throws<StorageFaultException>(() => file.Allocate(1L << 60));
        Assert.Contains(fault.Fault, new[] { StorageFault.DiskFull, StorageFault.Io });
        Assert.Contains("posix_fallocate of 'a' failed: errno", fault.Message);
    }

    [Fact]
    public void A_sync_that_fails_is_a_fault_and_not_silence()
    {
        // The full device cannot be synced at all: fdatasync answers EINVAL.
        using var file = new PosixDisk("/dev").Open("full", create: false);
        var fault = Assert.Throws<StorageFaultException>(file.DataSync);
        Assert.Equal(StorageFault.Io, fault.Fault);
        Assert.Contains("fdatasync of 'full' failed: errno 22", fault.Message);
    }

    [Fact]
    public void A_write_without_space_is_a_full_disk()
    {
        using var file = new PosixDisk("/dev").Open("full", create: false);
        var fault = Assert.Throws<StorageFaultException>(() => file.Write("x"u8, 0));
        Assert.Equal(StorageFault.DiskFull, fault.Fault);
        Assert.Contains("pwrite of 'full' failed: errno 28", fault.Message);
    }

    [Fact]
    public void A_missing_file_is_a_fault_for_open_rename_and_delete()
    {
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => _disk.Open("a", create: false)).Fault);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => _disk.Rename("a", "b")).Fault);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => _disk.Delete("a")).Fault);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => _disk.SyncFolder("missing")).Fault);
        Assert.False(_disk.Exists("a"));
    }

    [Fact]
    public void Files_are_listed_in_ordinal_order_without_folders()
    {
        _disk.CreateFolder("packs/deep");
        foreach (var name in new[] { "packs/b", "packs/a", "packs/B" })
        {
            _disk.Open(name, create: true).Dispose();
        }

        Assert.Equal(["B", "a", "b"], _disk.List("packs"));
        Assert.Empty(_disk.List("packs/deep"));
        Assert.Empty(_disk.List("missing"));
    }

    [Fact]
    public void A_rename_replaces_and_a_delete_removes()
    {
        using (var file = _disk.Open("a", create: true))
        {
            file.Write("new"u8, 0);
        }

        _disk.Open("b", create: true).Dispose();
        _disk.Rename("a", "b");
        _disk.SyncFolder("");
        Assert.Equal(["b"], _disk.List(""));
        using (var file = _disk.Open("b", create: false))
        {
            Assert.Equal(3, file.Length);
        }

        _disk.Delete("b");
        Assert.False(_disk.Exists("b"));
    }

    [Fact]
    public void The_lock_refuses_a_second_holder_until_the_first_lets_go()
    {
        var first = _disk.Lock();
        var fault = Assert.Throws<StorageFaultException>(() => new PosixDisk(_folder.Path).Lock());
        Assert.Equal(StorageFault.FolderInUse, fault.Fault);
        first.Dispose();
        new PosixDisk(_folder.Path).Lock().Dispose();
    }

    [RequiresFact("flock")]
    public void The_lock_refuses_another_process()
    {
        using (_disk.Lock())
        {
            Assert.NotEqual(0, LockFromOutside());
        }

        Assert.Equal(0, LockFromOutside());

        int LockFromOutside()
        {
            using var process = Process.Start("flock", ["--nonblock", Path.Join(_folder.Path, "LOCK"), "true"]);
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    [Theory]
    [InlineData(12, StorageFault.Exhausted)]
    [InlineData(23, StorageFault.Exhausted)]
    [InlineData(24, StorageFault.Exhausted)]
    [InlineData(5, StorageFault.Io)]
    [InlineData(2, StorageFault.Io)]
    [InlineData(28, StorageFault.DiskFull)]
    public void Want_of_descriptors_or_memory_is_told_apart_from_a_broken_disk(int errno, StorageFault expected)
    {
        Assert.Equal(expected, PosixFault.OfErrno(errno, "open", "a").Fault);
        Assert.Equal(expected, PosixFault.OfException(new IOException("failed", errno), "open", "a").Fault);
    }

    [Fact]
    public void A_root_that_is_missing_is_created()
    {
        var root = Path.Join(_folder.Path, "x", "y");
        _ = new PosixDisk(root);
        Assert.True(Directory.Exists(root));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    public void A_name_that_could_leave_the_root_is_refused(string name)
        => Assert.Throws<ArgumentException>(() => _disk.Open(name, create: true));

    [Fact]
    public void A_rename_into_another_folder_is_refused()
        => Assert.Throws<ArgumentException>(() => _disk.Rename("a", "packs/a"));

    [Fact]
    public void Free_bytes_of_the_volume_are_known()
    {
        Assert.InRange(_disk.FreeBytes(), 1, long.MaxValue);
    }
}
