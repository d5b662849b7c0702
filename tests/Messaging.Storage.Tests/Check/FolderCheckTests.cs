using Messaging.Storage.Check;
using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Check;

public sealed class FolderCheckTests
{
    private readonly SimDisk _disk = new(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sound_folder_has_no_damage_and_is_not_written_to(bool clean)
    {
        Fill(clean);
        long calls = _disk.DurableCalls;

        CheckReport report = FolderCheck.Run(_disk);

        Assert.Empty(report.Damages);
        Assert.Equal(calls, _disk.DurableCalls);
        CheckSummary summary = report.Summary;
        Assert.Equal((clean, clean), (summary.StoppedClean, summary.FramesAfterCheckpoint == 0));
        Assert.True(
            summary is { Packs: > 1, Extents: > 4, Records: > 100, TailBytes: > 0, PackBytesLive: > 0, PackBytesDead: > 0, Streams: > 4 },
            System.Text.Json.JsonSerializer.Serialize(summary));
        Assert.InRange(summary.JournalSlotsUsed, ReadCheckpoint().Slots.Count, summary.JournalSlots);
        Assert.True(ReadCheckpoint().Slots.Count > 1);
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using IDisposable held = _disk.Lock();

        Assert.Equal(StorageFault.FolderInUse, Assert.Throws<StorageFaultException>(() => FolderCheck.Run(_disk)).Fault);
    }

    [Fact]
    public void A_folder_that_no_server_has_written_to_is_empty()
    {
        CheckReport report = FolderCheck.Run(_disk);

        Assert.True(report is { IsSound: true, Summary.IsEmpty: true });
    }

    [Fact]
    public void Leftovers_are_noted_and_are_no_damage()
    {
        Fill(clean: true);
        string[] leftovers = ["stray", "journal/J-0009.jnl.new", "packs/P-000000000999.pack", "checkpoints/C-000000000999.ck.new"];
        foreach (string name in leftovers)
        {
            _disk.Open(name, create: true).Dispose();
        }

        CheckReport report = FolderCheck.Run(_disk);

        Assert.Empty(report.Damages);
        Assert.All(leftovers, name => Assert.Contains(report.Notes, note => note.StartsWith(name + ":", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("META-a")]
    [InlineData("META-b")]
    [InlineData("checkpoint")]
    [InlineData("pack")]
    [InlineData("slot")]
    public void A_file_that_is_missing_is_named(string kind)
    {
        Fill(clean: false);
        string name = NameOf(kind);
        _disk.Delete(name);

        Assert.Contains(FolderCheck.Run(_disk).Damages, damage => damage.File == name);
    }

    [Theory]
    [InlineData("META-a")]
    [InlineData("META-b")]
    [InlineData("checkpoint")]
    [InlineData("pack")]
    [InlineData("slot")]
    public void A_file_that_is_cut_is_named(string kind)
    {
        Fill(clean: false);
        string name = NameOf(kind);
        long length = LengthOf(name);
        foreach (long kept in (long[])[length - 1, length / 2, 20, 1, 0])
        {
            using (IDiskFile file = _disk.Open(name, create: false))
            {
                file.SetLength(kept);
            }

            Assert.Contains(FolderCheck.Run(_disk).Damages, damage => damage.File == name);
        }
    }

    [Theory]
    [InlineData("META-a")]
    [InlineData("checkpoint")]
    [InlineData("pack")]
    [InlineData("slot")]
    public void A_file_that_cannot_be_read_is_named(string kind)
    {
        Fill(clean: false);
        string name = NameOf(kind);
        _disk.FailReads(name, 0, LengthOf(name));

        Assert.Contains(FolderCheck.Run(_disk).Damages, damage => damage.File == name);
    }

    [Fact]
    public void Without_any_root_all_that_checks_itself_is_still_checked()
    {
        Fill(clean: true);
        string pack = NameOf("pack");
        _disk.FlipBit(pack, PackFormat.HeaderBytes + 100, 3);
        _disk.Delete("META-a");
        _disk.FlipBit("META-b", 100, 0);

        CheckReport report = FolderCheck.Run(_disk);

        Assert.Equal(["META-a", "META-b", pack], report.Damages.Select(damage => damage.File));
    }

    [Fact]
    public void A_damaged_block_names_its_stream_and_offsets()
    {
        Fill(clean: true);
        (StreamEntry stream, ExtentEntry extent) = ReadCheckpoint().Streams.SelectMany(found => found.Extents.Select(extent => (found, extent))).Last();
        using (IDiskFile file = _disk.Open(Pack.NameOf(extent.PackId), create: false))
        {
            PackBlock[] blocks = PackReader.ReadIndex(file, extent.PackId, "").Blocks;
            _disk.FlipBit(Pack.NameOf(extent.PackId), blocks[extent.FirstBlock].Position + 13, 0);
        }

        Damage damage = Assert.Single(FolderCheck.Run(_disk).Damages);

        Assert.Equal((Pack.NameOf(extent.PackId), stream.Id, extent.BaseOffset), (damage.File, damage.StreamId, damage.Offsets!.Value.First));
    }

    [Fact]
    public void A_damaged_batch_of_the_tail_names_its_stream_and_offsets()
    {
        Fill(clean: true);
        foreach (int at in (int[])[0, 9, 13, 18, 30, 70])
        {
            (StreamEntry stream, TailEntry batch) = ReadCheckpoint().Streams.SelectMany(found => found.Tail.Select(batch => (found, batch))).Last();
            _disk.FlipBit(JournalSlot.NameOf(batch.Slot), batch.Position + at, 5);

            IReadOnlyList<Damage> damages = FolderCheck.Run(_disk).Damages;

            Assert.Contains(new Damage(
                JournalSlot.NameOf(batch.Slot), batch.Position, stream.Id, new OffsetRange(batch.BaseOffset, batch.BaseOffset + batch.Count - 1),
                "no whole frame holds the batch that the checkpoint names"), damages);
            _disk.FlipBit(JournalSlot.NameOf(batch.Slot), batch.Position + at, 5);
        }
    }

    [Fact]
    public void A_damaged_frame_behind_the_checkpoint_is_damage_in_the_middle_and_a_last_one_is_torn()
    {
        Fill(clean: false);
        JournalPosition start = ReadCheckpoint().Position;
        List<(string Name, int Offset, FrameHeader Header)> frames = [.. FramesBehind(start)];
        Assert.True(frames.Count > 3);

        foreach ((string name, int offset, FrameHeader header) in frames[..^1])
        {
            _disk.FlipBit(name, offset + header.Length - 1, 2);
            Damage damage = Assert.Single(FolderCheck.Run(_disk).Damages);
            _disk.FlipBit(name, offset + header.Length - 1, 2);

            Assert.Contains($"frame {header.Lsn} is damaged or lost", damage.What, StringComparison.Ordinal);
            Assert.StartsWith("journal/", damage.File, StringComparison.Ordinal);
        }

        _disk.FlipBit(frames[^1].Name, frames[^1].Offset + frames[^1].Header.Length - 1, 2);
        CheckReport report = FolderCheck.Run(_disk);
        Assert.Empty(report.Damages);
        Assert.Contains(report.Notes, note => note.Contains($"frame {frames[^1].Header.Lsn} is torn", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_contradicts_itself_is_damage_although_its_checksum_is_right()
    {
        Fill(clean: true);
        Checkpoint sound = ReadCheckpoint();
        StreamEntry first = sound.Streams.First(stream => stream.Extents.Count > 1 && stream.Tail.Count > 0);
        ExtentEntry extent = first.Extents[0];
        TailEntry batch = first.Tail[0];
        Dictionary<string, Checkpoint> lies = new(StringComparer.Ordinal)
        {
            ["slot"] = sound with { Slots = [] },
            ["slot twice"] = sound with { Slots = [.. sound.Slots, sound.Slots[0]] },
            ["missing slot"] = sound with { Slots = [.. sound.Slots, new SlotUse(77, 1000)] },
            ["position not aligned"] = sound with { Position = sound.Position with { Offset = sound.Position.Offset + 1 } },
            ["position further on"] = sound with { Position = sound.Position with { Offset = sound.Position.Offset + 4096 } },
            ["position's number"] = sound with { Position = sound.Position with { Lsn = sound.Position.Lsn + 1 } },
            ["position's checksum"] = sound with { Position = sound.Position with { Crc = sound.Position.Crc + 1 } },
            ["pack's size"] = sound with { Packs = [sound.Packs[0] with { Bytes = 5 }, .. sound.Packs.Skip(1)] },
            ["pack without extents"] = sound with { Packs = [.. sound.Packs, new PackEntry(sound.LastPackId, 5)] },
            ["pack left out"] = sound with { Packs = [.. sound.Packs.Where(pack => pack.Id != extent.PackId)] },
            ["last pack id"] = sound with { LastPackId = 0 },
            ["last stream id"] = sound with { LastStreamId = 1 },
            ["stream twice"] = sound with { Streams = [.. sound.Streams, sound.Streams[^1]] },
            ["no system stream"] = sound with { Streams = [.. sound.Streams.Skip(1)] },
            ["next offset"] = Replace(first with { Next = batch.BaseOffset }),
            ["negative offset"] = Replace(first with { Next = -5 }),
            ["released offsets"] = Replace(first with { Released = new byte[5] }),
            ["all released"] = Replace(first with { Released = new byte[12].Select((_, at) => (byte)(at == 3 ? 1 : 0)).ToArray() }),
            ["extents swapped"] = Replace(first with { Extents = [.. first.Extents.Reverse()] }),
            ["extent lost"] = Replace(first with { Extents = [.. first.Extents.Skip(1)] }),
            ["extent's block"] = Replace(first with { Extents = [extent with { FirstBlock = extent.FirstBlock + 1 }, .. first.Extents.Skip(1)] }),
            ["extent's bytes"] = Replace(first with { Extents = [extent with { Bytes = extent.Bytes + 1 }, .. first.Extents.Skip(1)] }),
            ["extent's count"] = Replace(first with { Extents = [extent with { Count = long.MaxValue }, .. first.Extents.Skip(1)] }),
            ["batch lost"] = Replace(first with { Tail = [.. first.Tail.Skip(1)] }),
            ["batch of no slot"] = Replace(first with { Tail = [batch with { Slot = 99 }, .. first.Tail.Skip(1)] }),
            ["batch elsewhere"] = Replace(first with { Tail = [batch with { Position = batch.Position + 8 }, .. first.Tail.Skip(1)] }),
            ["batch behind the end"] = Replace(first with { Tail = [batch with { Position = int.MaxValue }, .. first.Tail.Skip(1)] }),
            ["batch of another count"] = Replace(first with { Tail = [batch with { Count = batch.Count + 1 }, .. first.Tail.Skip(1)] }),
            ["batch of another stream"] = Replace(first with { Tail = OfOther(first) }),
        };

        foreach ((string lie, Checkpoint checkpoint) in lies)
        {
            Write(checkpoint);
            Assert.True(FolderCheck.Run(_disk).DamageCount > 0, lie);
        }

        Write(sound);
        Assert.Empty(FolderCheck.Run(_disk).Damages);

        Checkpoint Replace(StreamEntry changed) => sound with { Streams = [.. sound.Streams.Select(stream => stream.Id == changed.Id ? changed : stream)] };

        TailEntry[] OfOther(StreamEntry stream)
        {
            TailEntry other = sound.Streams.First(found => found.Id != stream.Id && found.Tail.Count > 0).Tail[0];
            return [.. stream.Tail.Select(own => own with { Slot = other.Slot, Position = other.Position, Length = other.Length })];
        }
    }

    private void Fill(bool clean)
    {
        SampleRun run = SampleFolder.Fill(_disk);
        if (clean)
        {
            run.StopClean();
        }
        else
        {
            run.Engine.Abandon();
        }
    }

    private string NameOf(string kind) => kind switch
    {
        "checkpoint" => "checkpoints/" + _disk.List("checkpoints").Single(),
        "pack" => "packs/" + _disk.List("packs")[0],
        "slot" => JournalSlot.NameOf(ReadCheckpoint().Position.Slot),
        _ => kind,
    };

    private long LengthOf(string name)
    {
        using IDiskFile file = _disk.Open(name, create: false);
        return file.Length;
    }

    private Checkpoint ReadCheckpoint() => CheckpointFile.Read(_disk, MetaFile.ReadNewest(_disk, out _)!.CheckpointId);

    private void Write(Checkpoint checkpoint)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>();
        CheckpointFile.WriteBody(body, checkpoint.Id, checkpoint.Position, checkpoint.LastStreamId, checkpoint.LastPackId, checkpoint.Slots, checkpoint.Packs);
        CheckpointFile.Put(body, checkpoint.Streams.Count);
        foreach (StreamEntry stream in checkpoint.Streams)
        {
            CheckpointFile.WriteStream(body, stream);
        }

        CheckpointFile.Write(_disk, checkpoint.Id, body.WrittenSpan);
    }

    // In order: by the numbers that the frames carry, whatever slot they stand in.
    private IEnumerable<(string Name, int Offset, FrameHeader Header)> FramesBehind(JournalPosition start)
    {
        var found = new SortedDictionary<long, (string, int, FrameHeader)>();
        foreach (string name in _disk.List("journal").Select(file => "journal/" + file))
        {
            using IDiskFile file = _disk.Open(name, create: false);
            byte[] bytes = new byte[file.Length];
            file.Read(bytes, 0);
            for (int offset = 0; offset < bytes.Length; offset += StorageLimits.FrameAlignment)
            {
                if (JournalFormat.TryReadFrameHeader(bytes.AsSpan(offset), bytes.Length - offset, out FrameHeader header) && header.Lsn > start.Lsn)
                {
                    found[header.Lsn] = (name, offset, header);
                }
            }
        }

        return found.Values;
    }
}
