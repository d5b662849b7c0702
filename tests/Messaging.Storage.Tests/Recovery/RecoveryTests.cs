using System.Buffers.Binary;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Recovery;

/// <summary>What a start makes of a folder (engine.md section 6).</summary>
public sealed class RecoveryTests
{
    private const string Slot = "journal/J-0000.jnl";
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_clean_stop_leaves_nothing_to_replay()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Append(run, 5);
        run.Dispose();

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Contains(again.Log.Lines, line => line.Contains(" 0 frames replayed, stopped clean: True", StringComparison.Ordinal));
        Assert.Equal(5, again.Machine.Streams[stream.Id].Next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(70)]
    [InlineData(3_000)]
    public void A_torn_last_frame_is_cut_off(int damagedAt)
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Append(run, 4);
        run.Kill();
        _disk.FlipBit(Slot, LastFrame() + damagedAt, 2);

        using var again = new EngineRun(_disk, EngineRun.Small);
        LogStream found = again.Machine.Streams[stream.Id];
        Assert.Equal(3, found.Next);
        Assert.Equal(3, again.Append(found, "goes on"));
        again.Commit();
        Assert.Equal(["goes on"], again.Read(found, 3));
    }

    [Fact]
    public void Damage_in_the_middle_refuses_to_start_and_names_the_place()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Append(run, 6);
        run.Kill();
        _disk.FlipBit(Slot, (3 * 4096) + 50, 2);

        var fault = Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small));
        Assert.Equal(StorageFault.Corruption, fault.Fault);
        Assert.Contains($"{Slot} at {3 * 4096}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("AcceptJournalLoss", fault.Message, StringComparison.Ordinal);

        // Refusing changes nothing: the second try refuses too.
        Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small));

        using (var accepted = new EngineRun(_disk, EngineRun.Small with { AcceptJournalLoss = true }))
        {
            LogStream found = accepted.Machine.Streams[stream.Id];
            Assert.Equal(2, found.Next);
            Assert.Equal(["0 x", "1 x"], accepted.Read(found, 0, 1).Select(text => text[..3]));
            accepted.Append(found, "after the loss");
            accepted.Commit();
            accepted.Kill();
        }

        // What was lost never comes back, and needs no second word.
        using var last = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(["after the loss"], last.Read(last.Machine.Streams[stream.Id], 2));
        Assert.Equal(3, last.Machine.Streams[stream.Id].Next);
    }

    [Fact]
    public void Damage_at_the_end_of_a_slot_is_seen_by_the_frame_in_the_next_one()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        for (int i = 0; i < 6; i++)
        {
            run.Append(stream, $"{i} {new string('x', 12_000)}");
            run.Commit();
        }

        run.Kill();
        Assert.True(_disk.Exists("journal/J-0001.jnl"));
        _disk.FlipBit(Slot, LastFrame() + 50, 2);
        Assert.Equal(StorageFault.Corruption, Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small)).Fault);
    }

    [Fact]
    public void Nothing_is_visible_before_the_last_frame_has_been_written_and_synced_again()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        Append(run, 3);
        run.Kill();
        var calls = new List<string>();
        _disk.Observe((call, name) => calls.Add($"{call} {name}"));
        var again = new EngineRun(_disk, EngineRun.Small);

        int write = calls.IndexOf($"Write {Slot}");
        Assert.True(write >= 0, "the last frame is written");
        Assert.Equal($"DataSync {Slot}", calls[write + 1]);
        Assert.True(calls.FindIndex(call => call.StartsWith("Write META", StringComparison.Ordinal)) > write, "before the generation begins");
        again.Kill();
    }

    [Fact]
    public void Unsalted_frames_inside_a_message_are_no_frames()
    {
        // The second run knows where the first one's message stood, and the cluster's random bytes are the same.
        byte[] forged = new byte[40_000];
        Forge(0).CopyTo(forged, 0);
        long start = Write(forged);
        for (long boundary = (start + 4095) / 4096 * 4096; boundary + 200 < start + forged.Length; boundary += 4096)
        {
            Forge(10).CopyTo(forged, boundary - start);
        }

        Assert.Equal(start, Write(forged));
    }

    [Fact]
    public void A_torn_META_leaves_the_one_before()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = Append(run, 3);
        _disk.CrashNext(SimCall.Write, name => name.StartsWith("META", StringComparison.Ordinal));
        Assert.Throws<SimCrashException>(() => run.Engine.Maintain(force: true));
        run.Crash(new Random(1));

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(3, again.Machine.Streams[stream.Id].Next);
    }

    [Fact]
    public void Another_format_version_refuses_and_says_which()
    {
        new EngineRun(_disk, EngineRun.Small).Dispose();
        foreach (string name in (string[])["META-a", "META-b"])
        {
            using var file = _disk.Open(name, create: false);
            byte[] bytes = new byte[MetaRecord.Bytes];
            file.Read(bytes, 0);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), MetaRecord.FormatVersion + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(8)));
            file.Write(bytes, 0);
            file.DataSync();
        }

        var fault = Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small));
        Assert.Equal(StorageFault.FormatUnknown, fault.Fault);
        Assert.Contains($"version {MetaRecord.FormatVersion + 1}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_refuses_a_second_engine_and_a_fault_at_opening_lets_go_of_it()
    {
        using (new EngineRun(_disk, EngineRun.Small))
        {
            Assert.Equal(StorageFault.FolderInUse, Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small)).Fault);
        }

        _disk.FailNext(SimCall.Write, StorageFault.Io, namePrefix: "META");
        Assert.Equal(StorageFault.Io, Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small)).Fault);
        new EngineRun(_disk, EngineRun.Small).Dispose();
    }

    [Fact]
    public void Frames_without_any_META_refuse_to_be_taken_for_a_new_folder()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        Append(run, 3);
        run.Kill();
        _disk.Delete("META-a");
        _disk.Delete("META-b");
        Assert.Equal(StorageFault.Corruption, Assert.Throws<StorageFaultException>(() => new EngineRun(_disk, EngineRun.Small)).Fault);
    }

    [Fact]
    public void Old_frames_in_a_recycled_slot_are_never_taken_for_new_ones()
    {
        var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Commit();
        for (int i = 0; i < 200; i++)
        {
            run.Append(stream, $"{i}");
            run.Commit();
            run.Engine.Maintain(force: i % 10 == 9);
        }

        Assert.InRange(_disk.List("journal").Count, 2, EngineRun.Small.JournalSlots);
        run.Append(stream, "torn");
        _disk.CrashNext(SimCall.DataSync, name => name.StartsWith("journal/J", StringComparison.Ordinal));
        run.Commit();
        run.Crash(new Random(1));
        for (int start = 0; start < 3; start++)
        {
            var again = new EngineRun(_disk, EngineRun.Small);
            LogStream found = again.Machine.Streams[stream.Id];
            Assert.InRange(found.Next, 200, 201);
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), again.Read(found, [.. Enumerable.Range(0, 200).Select(offset => (long)offset)]));
            again.Kill();
        }
    }

    private static LogStream Append(EngineRun run, int records)
    {
        LogStream stream = run.CreateStream();
        run.Commit();
        for (int i = 0; i < records; i++)
        {
            run.Append(stream, $"{i} {new string('x', 3_500)}");
            run.Commit();
        }

        return stream;
    }

    private long LastFrame()
    {
        using var file = _disk.Open(Slot, create: false);
        byte[] header = new byte[JournalFormat.FrameHeaderBytes];
        long last = -1;
        for (long position = 0; position < file.Length; position += StorageLimits.FrameAlignment)
        {
            file.Read(header, position);
            last = JournalFormat.TryReadFrameHeader(header, int.MaxValue, out _) ? position : last;
        }

        return last;
    }

    // A frame as the engine writes it, with everything right but the salt, which only META knows.
    private static byte[] Forge(long lsn)
    {
        byte[] frame = new byte[JournalFormat.FrameHeaderBytes + JournalFormat.EntryHeaderBytes];
        JournalFormat.WriteEntryHeader(frame.AsSpan(JournalFormat.FrameHeaderBytes), EntryType.StreamCreated, 0, 99, 0);
        JournalFormat.WriteFrameHeader(frame, new FrameHeader(1, 0, lsn, frame.Length, 1, 0));
        JournalFormat.WriteFrameCrc(frame, Crc32C.Compute(frame.AsSpan(JournalFormat.CrcStart)));
        return frame;
    }

    // Writes the bytes as a message on a fresh folder, crashes, and recovers; returns where they stand in the slot.
    private static long Write(byte[] message)
    {
        var disk = new SimDisk(1);
        byte[] body = EngineRun.BodyOf(new string('y', message.Length));
        int valueAt = body.AsSpan().IndexOf((byte)'y');
        message.CopyTo(body.AsSpan(valueAt));
        var run = new EngineRun(disk, EngineRun.Small);
        using (Command command = run.Engine.BeginCommand(Command.RecordBytes(body.Length)))
        {
            command.AppendRecord(run.Engine.System, EngineRun.Time, body);
            _ = command.Commit().AsTask();
        }

        run.Commit();
        byte[] slot = new byte[EngineRun.Small.JournalSlotBytes];
        using (var file = disk.Open(Slot, create: false))
        {
            file.Read(slot, 0);
        }

        long at = slot.AsSpan().IndexOf(body.AsSpan(valueAt, 64));
        Assert.True(at > 0, "the message stands in the slot");
        run.Kill();
        using var again = new EngineRun(disk, EngineRun.Small);
        Assert.Equal(1, again.Engine.System.Next);
        return at;
    }
}
