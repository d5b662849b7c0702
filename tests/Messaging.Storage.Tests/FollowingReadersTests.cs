using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Storage.Tests;

/// <summary>Readers of whole batches on threads of their own, woken by the stream's watcher, while senders append and maintenance moves batches into packs.</summary>
public sealed class FollowingReadersTests
{
    private const int Batches = 400;
    private const int Readers = 3;
    private static readonly LogEngineOptions Options = EngineRun.Small with { RunThreads = true, CheckpointBytes = 128 << 10 };
    private readonly SimDisk _disk = new(1);

    [Fact]
    public async Task Every_reader_that_follows_sees_every_batch_once_and_in_order()
    {
        Exception? fatal = null;
        LogEngine engine = LogEngine.Open(_disk, Options, new RecordedStateMachine(), new KeptLog(), fault => fatal ??= fault);
        var watcher = new Bells();
        LogStream stream = await CreateAsync(engine, watcher);
        Task<long>[] readers = [.. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => FollowAsync(engine, stream, watcher.Of[reader])))];
        for (int i = 0; i < Batches; i++)
        {
            byte[] batch = i % 3 == 0 ? ProducedBatch.Compressed(new byte[3_000], count: 3) : ProducedBatch.Of([new string('x', 2_000), $"{i}", "end"]);
            await AppendAsync(engine, stream, batch);
        }

        Assert.All(await Task.WhenAll(readers), batches => Assert.Equal(Batches, batches));
        Assert.Null(fatal);
        Assert.NotEmpty(stream.Index.Copy().Extents);
        Assert.Equal(Batches, watcher.Rises);
        await engine.DisposeAsync();
    }

    private static async Task<long> FollowAsync(LogEngine engine, LogStream stream, SemaphoreSlim bell)
    {
        long next = 0;
        long count = 0;
        while (next < Batches * 3)
        {
            using BatchSet set = engine.ReadBatches(stream, next, long.MaxValue, 20_000);
            if (set.Count == 0)
            {
                await bell.WaitAsync();
            }

            for (int i = 0; i < set.Count; i++)
            {
                Assert.Equal(next, set[i].Header.BaseOffset);
                Assert.True(RecordBatch.CrcIsValid(set[i].Bytes.Span));
                next = set[i].Header.LastOffset + 1;
            }

            count += set.Count;
        }

        return count;
    }

    private static async Task<LogStream> CreateAsync(LogEngine engine, IStreamWatcher watcher)
    {
        LogStream stream;
        ValueTask synced;
        using (Command command = engine.BeginCommand(Command.StateBytes(0)))
        {
            stream = command.CreateStream();
            stream.Watcher = watcher;
            synced = command.Commit();
        }

        await synced;
        return stream;
    }

    private static async Task AppendAsync(LogEngine engine, LogStream stream, byte[] batch)
    {
        using Admission admission = await engine.AdmitRecordsAsync(Command.BatchBytes(batch.Length), CancellationToken.None);
        ValueTask synced;
        using (Command command = engine.BeginCommand(Command.BatchBytes(batch.Length)))
        {
            command.AppendBatch(stream, batch);
            synced = command.Commit(admission);
        }

        await synced;
    }

    private sealed class Bells : IStreamWatcher
    {
        private int _rises;

        public SemaphoreSlim[] Of { get; } = [.. Enumerable.Range(0, Readers).Select(_ => new SemaphoreSlim(0))];

        public int Rises => _rises;

        public void Appended(LogStream stream)
        {
            _rises++;
            foreach (SemaphoreSlim bell in Of)
            {
                bell.Release();
            }
        }
    }
}
