using Messaging.TestKit;
using static Messaging.Storage.Tests.TestKit.SimFiles;

namespace Messaging.Storage.Tests.TestKit;

public sealed class SimDiskFaultTests
{
    [Fact]
    public void After_a_failed_sync_the_bytes_are_seen_until_the_cache_is_dropped_and_a_later_sync_does_not_save_them()
    {
        var lost = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = new SimDisk(seed);
            using var file = disk.Open("a", create: true);
            disk.SyncFolder("");
            file.Write(Filled(4096, 1), 0);
            disk.FailNext(SimCall.DataSync, StorageFault.Io);
            Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(file.DataSync).Fault);
            Assert.Equal("11111111", Sectors(ReadAll(disk, "a")));

            file.DataSync();
            Assert.Equal("11111111", Sectors(ReadAll(disk, "a")));
            file.DropCache();
            var after = Sectors(ReadAll(disk, "a"));
            Assert.DoesNotContain('?', after);
            lost += after.Count('0'.Equals);
        }

        Assert.InRange(lost, 100, 300);
    }

    [Fact]
    public void Every_durable_call_can_be_the_last()
    {
        for (var call = 1; call <= 12; call++)
        {
            var disk = new SimDisk(call);
            disk.CrashAt(call);
            Assert.Throws<SimCrashException>(() => Work(disk));
            Assert.Equal(call, disk.DurableCalls);
            Assert.Throws<SimCrashException>(() => disk.Exists("a"));
            disk.Crash(new Random(call));
            Work(disk);
        }

        var whole = new SimDisk();
        Work(whole);
        Assert.Equal(12, whole.DurableCalls);

        static void Work(SimDisk disk)
        {
            disk.CreateFolder("f");
            if (disk.Exists("f/b"))
            {
                disk.Delete("f/b");
            }

            if (disk.Exists("f/a"))
            {
                disk.Delete("f/a");
            }

            using (var file = disk.Open("f/a", create: true))
            {
                file.Allocate(4096);
                file.Write(Filled(1000, 1), 0);
                file.DataSync();
                file.SetLength(1000);
                file.DropCache();
            }

            disk.SyncFolder("f");
            disk.Rename("f/a", "f/b");
            disk.SyncFolder("f");
            disk.Delete("f/b");
            disk.SyncFolder("f");
        }
    }

    [Fact]
    public void The_planned_call_fails_with_the_planned_fault_and_no_other_does()
    {
        var disk = new SimDisk();
        disk.FailAt(2, StorageFault.DiskFull);
        disk.FailNext(SimCall.Write, StorageFault.Io, nth: 2, namePrefix: "b");
        using var a = disk.Open("a", create: true);
        Assert.Equal(StorageFault.DiskFull, Assert.Throws<StorageFaultException>(() => a.Write("x"u8, 0)).Fault);
        a.Write("x"u8, 0);
        a.Write("x"u8, 0);
        using var b = disk.Open("b", create: true);
        b.Write("x"u8, 0);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => b.Write("x"u8, 0)).Fault);
        b.Write("x"u8, 0);
    }

    [Fact]
    public void Handles_and_the_lock_die_with_the_crash()
    {
        var disk = WithSynced("a", Filled(1, 1));
        var file = disk.Open("a", create: false);
        var holder = disk.Lock();
        Assert.Equal(StorageFault.FolderInUse, Assert.Throws<StorageFaultException>(disk.Lock).Fault);
        disk.Crash(new Random(1));
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => file.Read(new byte[1], 0)).Fault);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(file.DataSync).Fault);
        file.Dispose();

        var next = disk.Lock();
        holder.Dispose();
        Assert.Throws<StorageFaultException>(disk.Lock);
        next.Dispose();
        disk.Lock().Dispose();
    }

    [Fact]
    public void A_killed_process_leaves_its_unsynced_bytes_in_the_cache_where_a_crash_can_still_take_them()
    {
        var taken = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = WithSynced("a", Filled(512, 1));
            disk.Open("a", create: false).Write(Filled(512, 2), 0);
            disk.Kill();
            Assert.Equal("2", Sectors(ReadAll(disk, "a")));
            disk.Crash(new Random(seed));
            taken += Sectors(ReadAll(disk, "a")) == "1" ? 1 : 0;
        }

        Assert.InRange(taken, 1, 49);
    }

    [Fact]
    public void A_full_volume_refuses_growth_and_nothing_else()
    {
        var disk = WithSynced("a", Filled(1000, 1));
        disk.CapacityBytes = 3000;
        Assert.Equal(2000, disk.FreeBytes());
        using var file = disk.Open("a", create: false);
        Assert.Equal(StorageFault.DiskFull, Assert.Throws<StorageFaultException>(() => file.Allocate(3001)).Fault);
        Assert.Equal(StorageFault.DiskFull, Assert.Throws<StorageFaultException>(() => file.Write(Filled(2500, 2), 1000)).Fault);
        Assert.Equal(3000, file.Length);
        file.Write(Filled(3000, 3), 0);
        file.SetLength(500);
        Assert.Equal(2500, disk.FreeBytes());
        disk.Delete("a");
        Assert.Equal(3000, disk.FreeBytes());
    }

    [Fact]
    public void Rotten_bits_and_unreadable_ranges_survive_a_crash()
    {
        var disk = WithSynced("a", Filled(2000, 1));
        disk.FlipBit("a", 700, 3);
        disk.FailReads("a", 1024, 1536);
        disk.Crash(new Random(1));
        using var file = disk.Open("a", create: false);
        var bytes = new byte[1024];
        Assert.Equal(1024, file.Read(bytes, 0));
        Assert.Equal(1 ^ 8, bytes[700]);
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => file.Read(bytes, 1000)).Fault);
        disk.ClearReadFaults("a");
        Assert.Equal(1000, file.Read(bytes, 1000));
    }
}
