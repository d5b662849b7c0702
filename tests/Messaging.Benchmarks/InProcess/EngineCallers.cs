using System.Buffers;
using System.Runtime.CompilerServices;
using Messaging.Benchmarks.Measuring;
using Messaging.Storage;
using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// An engine of its own, with default options, over a folder; and callers that append a 1-KiB record each to one stream. The body is
/// encoded once, as the bare loop's payload is. Hot path.
/// </summary>
internal sealed class EngineCallers : ICallers
{
    public const int PayloadBytes = 1024;

    /// <summary>Records that stay alive where records are consumed; far less than what the journal's ring holds.</summary>
    private const int LiveMax = 8192;

    private readonly LogEngine _engine;
    private readonly MeasuredDisk _disk;
    private readonly LogStream _stream;
    private readonly byte[] _body;
    private readonly int _commandBytes;
    private readonly bool _isConsumed;

    /// <summary><paramref name="isConsumed"/>: records die soon after, as if acknowledged, so that they need no second write.</summary>
    public EngineCallers(string folder, bool isConsumed, SyncDelay delay = default)
    {
        _isConsumed = isConsumed;
        _disk = new MeasuredDisk(new PosixDisk(folder), delay);
        _engine = LogEngine.Open(_disk, new LogEngineOptions(), new NoState(), NullLogger.Instance, fault => Environment.FailFast("The engine failed.", fault));
        using (Command command = _engine.BeginCommand(Command.StateBytes(0)))
        {
            _stream = command.CreateStream();
            _ = command.Commit().AsTask();
        }

        byte[] value = new byte[PayloadBytes];
        value.AsSpan().Fill((byte)'x');
        _body = new byte[RecordBody.Measure(RecordBody.NullLength, value.Length)];
        var writer = new RecordBodyWriter(_body);
        writer.WriteNullKey();
        writer.WriteValue(value);
        writer.WriteHeaderCount(0);
        _commandBytes = Command.RecordBytes(_body.Length);
    }

    public SyncCounts Counts => _disk.Counts;

    /// <summary>Completes when the record is synced.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(int caller)
    {
        using Admission admission = await _engine.AdmitRecordsAsync(_commandBytes, CancellationToken.None).ConfigureAwait(false);
        if (admission.IsRefused)
        {
            throw new InvalidOperationException("The disk is nearly full.");
        }

        await Append(admission).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private ValueTask Append(Admission admission)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        ValueTask synced;
        using (Command command = _engine.BeginCommand(_commandBytes))
        {
            long offset = command.AppendRecord(_stream, now, _body);
            if (_isConsumed && offset - _stream.Low >= 2 * LiveMax)
            {
                _stream.ReleaseBelow(offset - LiveMax);
            }

            synced = command.Commit(admission);
        }

        return synced;
    }

    /// <summary>The engine alone: nothing stands above it.</summary>
    private sealed class NoState : IStateMachine
    {
        public void Restore(LogStream stream, ReadOnlySpan<byte> snapshot)
        {
        }

        public void RecordsAppended(LogStream stream, in RecordBatchHeader batch)
        {
        }

        public void Apply(LogStream stream, ReadOnlySpan<byte> entry)
        {
        }

        public void StreamDropped(LogStream stream)
        {
        }

        public void Snapshot(LogStream stream, IBufferWriter<byte> destination)
        {
        }
    }
}
