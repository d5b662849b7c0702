using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>The engine with its own threads, many senders at once.</summary>
public sealed class ThreadsTests
{
    private static readonly LogEngineOptions Options = EngineRun.Small with { RunThreads = true, JournalSlotBytes = 256 << 10, CheckpointBytes = 1 << 20 };
    private readonly SimDisk _disk = new(1);

    [Fact]
    public async Task Many_senders_all_complete_and_everything_is_there_after_a_power_cut()
    {
        const int Senders = 32;
        const int Each = 200;
        var machine = new RecordedStateMachine();
        Exception? fatal = null;
        LogEngine engine = LogEngine.Open(_disk, Options, machine, new KeptLog(), fault => fatal ??= fault);
        var offsets = new long[Senders][];
        LogStream[] streams = await CreateAsync(engine, 4);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            offsets[sender] = new long[Each];
            for (int i = 0; i < Each; i++)
            {
                using Admission admission = await engine.AdmitRecordsAsync(2_000, CancellationToken.None);
                offsets[sender][i] = await AppendAsync(engine, streams[sender % streams.Length], $"{sender} {i} {new string('x', i * 7)}");
            }
        })));
        Assert.Null(fatal);
        Judge(engine, streams, offsets);
        await engine.DisposeAsync();

        // Everything was acknowledged: a power cut at the end takes nothing.
        _disk.Crash(new Random(1));
        using var again = new EngineRun(_disk, Options with { RunThreads = false });
        Judge(again.Engine, [.. streams.Select(stream => again.Machine.Streams[stream.Id])], offsets);
    }

    [Fact]
    public async Task A_failing_sync_fails_every_sender_and_none_hangs()
    {
        Exception? fatal = null;
        LogEngine engine = LogEngine.Open(_disk, Options, new RecordedStateMachine(), new KeptLog(), fault => fatal ??= fault);
        LogStream[] streams = await CreateAsync(engine, 1);
        _disk.FailNext(SimCall.DataSync, StorageFault.Io, nth: 20, namePrefix: "journal/J-0000.jnl");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(sender => Task.Run(() => Assert.ThrowsAsync<StorageFaultException>(async () =>
        {
            while (true)
            {
                await AppendAsync(engine, streams[0], $"{sender}");
            }
        }))));
        Assert.NotNull(fatal);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_writes_what_is_pending()
    {
        for (int round = 0; round < 20; round++)
        {
            var disk = new SimDisk(round);
            LogEngine engine = LogEngine.Open(disk, Options, new RecordedStateMachine(), new KeptLog(), static _ => { });
            Task<long> last = AppendAsync(engine, engine.System, "last");
            await engine.DisposeAsync();
            Assert.Equal(0, await last);
            using var again = new EngineRun(disk, Options with { RunThreads = false });
            Assert.Equal(["last"], again.Read(again.Engine.System, 0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Few_callers_are_answered_one_after_the_other_and_the_last_one_may_stop_the_engine(int callers)
    {
        const int Each = 3_000;
        LogEngine engine = LogEngine.Open(_disk, Options, new RecordedStateMachine(), new KeptLog(), static _ => { });
        LogStream[] streams = await CreateAsync(engine, 1);
        int left = callers;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                using Admission admission = await engine.AdmitRecordsAsync(100, CancellationToken.None);
                await AppendAsync(engine, streams[0], "x", admission);
            }

            if (Interlocked.Decrement(ref left) == 0)
            {
                await engine.DisposeAsync();
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(callers * Each, streams[0].Next);
    }

    [RequiresFact("two processors")]
    public async Task A_lone_caller_syncs_its_frame_itself_and_who_comes_meanwhile_is_served()
    {
        using var held = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        Thread? caller = null;
        var disk = new HookedDisk(_disk);
        LogEngine engine = LogEngine.Open(disk, Options, new RecordedStateMachine(), new KeptLog(), static _ => { });
        disk.OnSync = _ =>
        {
            if (Thread.CurrentThread == caller)
            {
                caller = null;
                disk.OnSync = null;
                held.Release();
                goOn.Wait();
            }
        };
        Task lone = Task.Run(async () =>
        {
            while (disk.OnSync is not null)
            {
                using Admission admission = await engine.AdmitRecordsAsync(100, CancellationToken.None);
                caller = Thread.CurrentThread;
                await AppendAsync(engine, engine.System, "lone", admission);
            }
        });
        Assert.True(await held.WaitAsync(TimeSpan.FromSeconds(60)), "a lone caller ends up syncing by itself");
        using Admission second = await engine.AdmitRecordsAsync(100, CancellationToken.None);
        Task<long> newcomer = AppendAsync(engine, engine.System, "newcomer", second);
        Assert.False(newcomer.IsCompleted);

        goOn.Release();

        await lone.WaitAsync(TimeSpan.FromSeconds(60));
        await newcomer.WaitAsync(TimeSpan.FromSeconds(60));
        await engine.DisposeAsync();
    }

    [RequiresFact("two processors")]
    public async Task A_failing_sync_of_a_lone_caller_fails_it_and_whoever_comes()
    {
        Exception? fatal = null;
        Thread? caller = null;
        var disk = new HookedDisk(_disk);
        LogEngine engine = LogEngine.Open(disk, Options, new RecordedStateMachine(), new KeptLog(), fault => fatal ??= fault);
        disk.OnSync = _ =>
        {
            if (Thread.CurrentThread == caller)
            {
                throw new StorageFaultException(StorageFault.Io, "This sync fails.");
            }
        };
        await Assert.ThrowsAsync<StorageFaultException>(() => Task.Run(async () =>
        {
            while (true)
            {
                using Admission admission = await engine.AdmitRecordsAsync(100, CancellationToken.None);
                caller = Thread.CurrentThread;
                await AppendAsync(engine, engine.System, "x", admission);
            }
        }).WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.NotNull(fatal);
        await Assert.ThrowsAsync<StorageFaultException>(() => AppendAsync(engine, engine.System, "late"));
        await engine.DisposeAsync();
    }

    private static void Judge(LogEngine engine, LogStream[] streams, long[][] offsets)
    {
        for (int sender = 0; sender < offsets.Length; sender++)
        {
            using RecordSet records = engine.Read(streams[sender % streams.Length], offsets[sender]);
            for (int i = 0; i < records.Count; i++)
            {
                Assert.Equal(StoredRecordState.Present, records[i].State);
                Assert.True(records[i].Body.Span.SequenceEqual(EngineRun.BodyOf($"{sender} {i} {new string('x', i * 7)}")));
            }
        }

        Assert.Equal(offsets.Sum(each => each.Length), streams.Sum(stream => stream.LiveCount));
    }

    private static async Task<LogStream[]> CreateAsync(LogEngine engine, int count)
    {
        var streams = new LogStream[count];
        await Sequence(engine, streams);
        return streams;

        static ValueTask Sequence(LogEngine engine, LogStream[] streams)
        {
            ValueTask synced;
            using (Command command = engine.BeginCommand(streams.Length * (Command.StateBytes(0) + Command.StateBytes(4))))
            {
                for (int i = 0; i < streams.Length; i++)
                {
                    streams[i] = command.CreateStream();
                    command.AppendState(streams[i], "born"u8);
                }

                synced = command.Commit();
            }

            return synced;
        }
    }

    private static async Task<long> AppendAsync(LogEngine engine, LogStream stream, string text, Admission admission = default)
    {
        byte[] body = EngineRun.BodyOf(text);
        await Sequence(engine, stream, body, admission, out long offset);
        return offset;

        static ValueTask Sequence(LogEngine engine, LogStream stream, byte[] body, Admission admission, out long offset)
        {
            ValueTask synced;
            using (Command command = engine.BeginCommand(Command.RecordBytes(body.Length)))
            {
                offset = command.AppendRecord(stream, EngineRun.Time, body);
                synced = command.Commit(admission);
            }

            return synced;
        }
    }
}
