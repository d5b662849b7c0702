using System.Diagnostics;
using Messaging.Storage.Journal;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>What a command may hold, and where it ends up.</summary>
public sealed class CommandTests
{
    private readonly SimDisk _disk = new(1);

    [Fact]
    public void A_command_of_the_largest_size_is_one_frame_and_survives()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Commit();
        string text = new('x', run.Engine.CommandBytesMax - Command.RecordBytes(0) - 16);
        run.Append(stream, text);
        run.Commit();
        Assert.Null(run.Fatal);
        run.Crash(new Random(1));

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal([text], again.Read(again.Machine.Streams[stream.Id], 0));
    }

    [Fact]
    public void The_largest_command_is_that_of_the_folder_whatever_the_options_say()
    {
        new EngineRun(_disk, EngineRun.Small).Dispose();
        using var run = new EngineRun(_disk, EngineRun.Small with { JournalSlotBytes = 256 << 10 });
        Assert.Equal(EngineRun.Small.JournalSlotBytes - JournalFormat.FrameHeaderBytes, run.Engine.CommandBytesMax);
        run.Append(run.Engine.System, new string('x', run.Engine.CommandBytesMax - Command.RecordBytes(0) - 16));
        run.Commit();
        Assert.Null(run.Fatal);
    }

    [Fact]
    public void A_command_that_appends_more_than_it_announced_is_a_bug()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        Assert.Throws<UnreachableException>(() =>
        {
            Command command = run.Engine.BeginCommand(Command.StateBytes(4));
            try
            {
                command.AppendState(run.Engine.System, new byte[5]);
                _ = command.Commit().AsTask();
            }
            finally
            {
                // Leaves the sequencer: the process would be gone.
                try
                {
                    command.Dispose();
                }
                catch (UnreachableException)
                {
                }
            }
        });
        run.Kill();
    }

    [Fact]
    public void A_frame_is_closed_when_the_next_command_would_take_it_over_its_target()
    {
        LogEngineOptions options = EngineRun.Small with { JournalSlotBytes = 8 << 20 };
        using var run = new EngineRun(_disk, options);
        LogStream stream = run.CreateStream();
        run.Commit();
        var syncs = new List<string>();
        _disk.Observe((call, name) =>
        {
            if (call == SimCall.DataSync)
            {
                syncs.Add(name);
            }
        });
        for (int i = 0; i < 5; i++)
        {
            run.Append(stream, new string('x', StorageLimits.FrameBytesTarget / 2 - 1_000));
        }

        run.Commit();
        Assert.Equal(3, syncs.Count);
        Assert.Equal(5, run.Read(stream, 0, 1, 2, 3, 4).Count());
    }

    [Fact]
    public void Many_commands_share_one_frame_and_one_sync()
    {
        using var run = new EngineRun(_disk, EngineRun.Small);
        LogStream stream = run.CreateStream();
        run.Commit();
        long before = _disk.DurableCalls;
        for (int i = 0; i < 50; i++)
        {
            run.Append(stream, $"{i}");
        }

        run.Commit();
        Assert.Equal(2, _disk.DurableCalls - before);
    }

    [Fact]
    public void A_message_that_holds_the_bytes_of_a_frame_is_never_taken_for_one()
    {
        long id;
        byte[] journal = new byte[64 << 10];
        using (var run = new EngineRun(_disk, EngineRun.Small))
        {
            LogStream stream = run.CreateStream();
            id = stream.Id;
            run.Append(stream, "first");
            run.Commit();
            using (var file = _disk.Open("journal/J-0000.jnl", create: false))
            {
                file.Read(journal, 0);
            }

            // Every 4-KiB boundary inside of this body comes upon the frame's bytes, with every later number.
            byte[] body = EngineRun.BodyOf(new string('x', 40_000));
            for (int boundary = 0; boundary < 9; boundary++)
            {
                for (int shift = 0; shift < 4096; shift += 40)
                {
                    journal.AsSpan(0, 40).CopyTo(body.AsSpan(100 + (boundary * 4096) + shift));
                    body[100 + (boundary * 4096) + shift + 16] = (byte)(2 + boundary);
                }
            }

            using (Command command = run.Engine.BeginCommand(Command.RecordBytes(body.Length)))
            {
                command.AppendRecord(stream, EngineRun.Time, body);
                _ = command.Commit().AsTask();
            }

            run.Commit();
            run.Append(stream, "last");
            run.Commit();
            run.Crash(new Random(1));
        }

        using var again = new EngineRun(_disk, EngineRun.Small);
        Assert.Equal(["first"], again.Read(again.Machine.Streams[id], 0));
        Assert.Equal(["last"], again.Read(again.Machine.Streams[id], 2));
    }
}
