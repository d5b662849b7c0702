using Messaging.Storage;
using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// An engine with default options over a folder, and one stream of batches of 1-KiB records in it that nobody has consumed: most of it in packs, the rest in the
/// journal. Consumers that catch up read it over and over.
/// </summary>
internal sealed class CatchUpLog : IAsyncDisposable
{
    private const int RecordBytes = 1024;
    private const int CommandBytes = 1 << 20;
    private const int InFlight = 4;

    private readonly LogEngine _engine;
    private readonly LogStream _stream;
    private readonly int _recordsPerBatch;
    private long _next;

    public CatchUpLog(string folder, int recordsPerBatch)
    {
        (Folder, _recordsPerBatch) = (folder, recordsPerBatch);
        _engine = LogEngine.Open(
            new PosixDisk(folder), new LogEngineOptions(), new RecordedStateMachine(), NullLogger.Instance, fault => Environment.FailFast("The engine failed.", fault));
        using Command command = _engine.BeginCommand(Command.StateBytes(0));
        _stream = command.CreateStream();
        _ = command.Commit().AsTask();
    }

    public string Folder { get; }

    public long BytesRead { get; private set; }

    /// <summary>Where the journal's part begins: an offset.</summary>
    public long TailStart { get; private set; }

    public long End => _stream.SyncedNext;

    /// <summary>Appends so many bytes, and lets maintenance come to rest.</summary>
    public async Task FillAsync(long bytes)
    {
        byte[] batch = ProducedBatch.Of([.. Enumerable.Repeat(new string('x', RecordBytes), _recordsPerBatch)]);
        int batches = Math.Max(1, CommandBytes / batch.Length);
        var commits = new Queue<Task>();
        for (long written = 0; written < bytes; written += (long)batches * batch.Length)
        {
            commits.Enqueue(AppendAsync(batch, batches));
            if (commits.Count == InFlight)
            {
                await commits.Dequeue();
            }
        }

        await Task.WhenAll(commits);
        int extents;
        do
        {
            extents = _stream.Index.Copy().Extents.Length;
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
        while (_stream.Index.Copy().Extents.Length != extents);
        TailStart = _stream.Index.Copy().Extents[^1].EndOffset;
    }

    /// <summary>The next answer of the range, up to <paramref name="bytesMax"/>; begins anew at its end.</summary>
    public void ReadNext(long from, long to, int bytesMax)
    {
        long next = _next >= from && _next < to ? _next : from;
        using BatchSet batches = _engine.ReadBatches(_stream, next, to, bytesMax);
        BytesRead += batches.Bytes;
        _next = batches[batches.Count - 1].Header.LastOffset + 1;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task AppendAsync(byte[] batch, int count)
    {
        int bytes = count * Command.BatchBytes(batch.Length);
        using Admission admission = await _engine.AdmitRecordsAsync(bytes, CancellationToken.None);
        await Append(batch, count, bytes);
    }

    private ValueTask Append(byte[] batch, int count, int bytes)
    {
        ValueTask synced;
        using (Command command = _engine.BeginCommand(bytes))
        {
            for (int i = 0; i < count; i++)
            {
                command.AppendBatch(_stream, batch);
            }

            synced = command.Commit();
        }

        return synced;
    }
}
