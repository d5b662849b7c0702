using Messaging.TestKit;
using static Messaging.Storage.Tests.TestKit.SimFiles;

namespace Messaging.Storage.Tests.TestKit;

public sealed class SimDiskCrashTests
{
    [Fact]
    public void Unsynced_sectors_are_old_or_new_each_for_itself_and_never_anything_else()
    {
        var outcomes = new HashSet<string>();
        for (var seed = 0; seed < 300; seed++)
        {
            var disk = WithSynced("a", Filled(4096 * 2, 1));
            using (var file = disk.Open("a", create: false))
            {
                file.Write(Filled(4096 * 2, 2), 0);
            }

            disk.Crash(new Random(seed));
            var bytes = ReadAll(disk, "a");
            Assert.Equal(4096 * 2, bytes.Length);
            outcomes.Add(Sectors(bytes));
        }

        Assert.Contains(new string('1', 16), outcomes);
        Assert.Contains(new string('2', 16), outcomes);
        Assert.Contains(outcomes, sectors => IsTear(sectors) && sectors.Contains("21", StringComparison.Ordinal));
        Assert.Contains(outcomes, sectors => !IsTear(sectors));
        Assert.All(outcomes, sectors => Assert.DoesNotContain('?', sectors));

        static bool IsTear(string sectors) => !sectors.Contains("12", StringComparison.Ordinal);
    }

    [Fact]
    public void Synced_bytes_survive_every_crash()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var disk = WithSynced("a", Filled(5000, 1));
            using (var file = disk.Open("a", create: false))
            {
                file.Write(Filled(1000, 2), 100_000);
            }

            disk.Crash(new Random(seed));
            Assert.Equal(Filled(5000, 1), ReadAll(disk, "a")[..5000]);
        }
    }

    [Fact]
    public void An_unsynced_end_of_a_file_is_of_any_length_and_zero_where_it_did_not_land()
    {
        var lengths = new HashSet<int>();
        for (var seed = 0; seed < 200; seed++)
        {
            var disk = WithSynced("a", Filled(1000, 1));
            using (var file = disk.Open("a", create: false))
            {
                file.Write(Filled(3000, 2), 1000);
            }

            disk.Crash(new Random(seed));
            var bytes = ReadAll(disk, "a");
            Assert.Equal(Filled(1000, 1), bytes[..1000]);
            Assert.All(bytes[1000..], value => Assert.True(value is 0 or 2));
            lengths.Add(bytes.Length);

            // And what grows again begins with zeros.
            using var grown = disk.Open("a", create: false);
            grown.SetLength(5000);
            Assert.All(ReadAll(disk, "a")[bytes.Length..], value => Assert.Equal(0, value));
        }

        Assert.Contains(1000, lengths);
        Assert.Contains(4000, lengths);
        Assert.Contains(lengths, length => length is > 1000 and < 4000);
    }

    [Fact]
    public void Changes_of_names_survive_up_to_some_point_until_the_folder_is_synced()
    {
        var outcomes = new HashSet<string>();
        for (var seed = 0; seed < 100; seed++)
        {
            var disk = WithSynced("old", Filled(1, 1));
            disk.Open("new.tmp", create: true).Dispose();
            disk.Rename("new.tmp", "new");
            disk.Delete("old");
            disk.Crash(new Random(seed));
            outcomes.Add(string.Join(' ', disk.List("")));
        }

        Assert.Equal(["new", "new old", "new.tmp old", "old"], outcomes.Order(StringComparer.Ordinal));

        var synced = WithSynced("old", Filled(1, 1));
        synced.Delete("old");
        synced.SyncFolder("");
        synced.Crash(new Random(1));
        Assert.Empty(synced.List(""));
    }

    [Fact]
    public void A_replaced_file_is_the_old_or_the_new_one_as_a_whole()
    {
        var outcomes = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = WithSynced("a", Filled(512, 1));
            using (var file = disk.Open("b", create: true))
            {
                file.Write(Filled(512, 2), 0);
                file.DataSync();
            }

            disk.Rename("b", "a");
            disk.Crash(new Random(seed));
            outcomes.Add(Sectors(ReadAll(disk, "a")));
        }

        Assert.Equal(["1", "2"], outcomes.Order());
    }

    [Fact]
    public void A_created_folder_is_durable_at_once()
    {
        var disk = new SimDisk();
        Assert.Throws<StorageFaultException>(() => disk.Open("packs/a", create: true));
        disk.CreateFolder("packs");
        disk.Open("packs/a", create: true).Dispose();
        disk.SyncFolder("packs");
        disk.Crash(new Random(1));
        Assert.Equal(["a"], disk.List("packs"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_disk()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));

        static string Run(int seed)
        {
            var random = new Random(seed);
            var disk = new SimDisk(seed);
            var log = "";
            for (var turn = 0; turn < 200; turn++)
            {
                using (var file = disk.Open("f" + random.Next(3), create: true))
                {
                    file.Write(Filled(random.Next(1, 5000), (byte)random.Next(1, 9)), random.Next(20_000));
                    if (random.Next(4) == 0)
                    {
                        file.DataSync();
                    }
                }

                if (random.Next(8) == 0)
                {
                    disk.SyncFolder("");
                }

                if (random.Next(10) == 0)
                {
                    disk.Crash(random);
                    log += string.Join(',', disk.List("").Select(name => Crc32C.Compute(ReadAll(disk, name))));
                }
            }

            return log;
        }
    }

    [Fact]
    public void A_long_history_never_loses_a_synced_sector_and_never_shows_one_that_nobody_wrote()
    {
        // The model: per sector, the values that a crash may leave.
        const int SectorCount = 64;
        var random = new Random(1);
        var disk = new SimDisk(1);
        disk.Open("a", create: true).Dispose();
        disk.SyncFolder("");
        var possible = Enumerable.Range(0, SectorCount).Select(_ => new HashSet<byte> { 0 }).ToArray();
        var seen = new byte[SectorCount];
        for (var turn = 0; turn < 5000; turn++)
        {
            using var file = disk.Open("a", create: false);
            for (var writes = random.Next(4); writes > 0; writes--)
            {
                var first = random.Next(SectorCount);
                var count = random.Next(1, Math.Min(20, SectorCount - first) + 1);
                var value = (byte)random.Next(1, 256);
                file.Write(Filled(count * 512, value), first * 512);
                for (var sector = first; sector < first + count; sector++)
                {
                    possible[sector].Add(seen[sector] = value);
                }
            }

            if (random.Next(2) == 0)
            {
                file.DataSync();
                Settle();
            }

            if (random.Next(3) == 0)
            {
                disk.Crash(random);
                var bytes = ReadAll(disk, "a");
                Array.Resize(ref bytes, SectorCount * 512);
                for (var sector = 0; sector < SectorCount; sector++)
                {
                    seen[sector] = bytes[sector * 512];
                    Assert.Contains(seen[sector], possible[sector]);
                    Assert.DoesNotContain(bytes.AsSpan(sector * 512, 512).ToArray(), value => value != seen[sector]);
                }

                Settle();
            }
        }

        void Settle()
        {
            for (var sector = 0; sector < SectorCount; sector++)
            {
                possible[sector] = [seen[sector]];
            }
        }
    }

    [Fact]
    public void Large_sparse_files_crash_in_no_time()
    {
        var disk = new SimDisk();
        var zeros = new byte[1 << 20];
        var journal = disk.Open("journal", create: true);
        for (var position = 0L; position < 64 << 20; position += zeros.Length)
        {
            journal.Write(zeros, position);
        }

        journal.DataSync();
        disk.SyncFolder("");
        var random = new Random(1);
        for (var cycle = 0; cycle < 2000; cycle++)
        {
            journal = disk.Open("journal", create: false);
            for (var write = 0; write < 10; write++)
            {
                journal.Write(Filled(4096, 1), random.Next(16384) * 4096L);
                journal.DataSync();
            }

            journal.Write(Filled(16384, 2), random.Next(10_000) * 4096L);
            disk.Crash(random);
        }

        Assert.Equal(64 << 20, disk.Open("journal", create: false).Length);
    }
}
