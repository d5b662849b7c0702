using System.Text;
using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Tests;

/// <summary>An engine without threads on a simulated disk, short to drive: what is appended are texts, what is logged is kept.</summary>
internal sealed class EngineRun : IDisposable
{
    public const long Time = 1_700_000_000_000;
    private readonly SimDisk _disk;
    private bool _isGone;

    /// <summary>The engine may see the disk through a wrapper.</summary>
    public EngineRun(SimDisk disk, LogEngineOptions options, IDisk? seen = null)
    {
        _disk = disk;
        Engine = LogEngine.Open(seen ?? disk, options, Machine, Log, fault => Fatal ??= fault);
    }

    public static LogEngineOptions Small { get; } = new()
    {
        JournalSlotBytes = 64 << 10,
        JournalSlots = 8,
        CheckpointBytes = 256 << 10,
        PackBytesTarget = 256 << 10,
        BallastBytes = 0,
        DiskReserveBytes = 0,
        RunThreads = false,
    };

    public RecordedStateMachine Machine { get; } = new();

    public KeptLog Log { get; } = new();

    public LogEngine Engine { get; }

    /// <summary>Whether records of a few bytes would be admitted at once.</summary>
    public bool HasRoom => Engine.Admission.HasRoom(1, hasRecords: true);

    /// <summary>Whether an acknowledgement would be admitted at once.</summary>
    public bool HasRoomForState => Engine.Admission.HasRoom(1, hasRecords: false);

    /// <summary>What would have ended the process.</summary>
    public Exception? Fatal { get; private set; }

    public LogStream CreateStream()
    {
        using Command command = Engine.BeginCommand(Command.StateBytes(0));
        LogStream stream = command.CreateStream();
        Machine.Streams[stream.Id] = stream;
        _ = command.Commit().AsTask();
        return stream;
    }

    public void Drop(LogStream stream)
    {
        using Command command = Engine.BeginCommand(Command.StateBytes(0));
        command.DropStream(stream);
        Machine.StreamDropped(stream);
        _ = command.Commit().AsTask();
    }

    public long Append(LogStream stream, string text) => Append(stream, text, Time, out _);

    public long Append(LogStream stream, string text, long timestampMs, out Task commit)
    {
        byte[] body = BodyOf(text);
        using Command command = Engine.BeginCommand(Command.RecordBytes(body.Length));
        long offset = command.AppendRecord(stream, timestampMs, body);
        commit = command.Commit().AsTask();
        return offset;
    }

    public long AppendBatch(LogStream stream, byte[] batch) => AppendBatch(stream, batch, out _);

    public long AppendBatch(LogStream stream, byte[] batch, out Task commit)
    {
        using Command command = Engine.BeginCommand(Command.BatchBytes(batch.Length));
        long offset = command.AppendBatch(stream, batch);
        commit = command.Commit().AsTask();
        return offset;
    }

    public static byte[] BodyOf(string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        byte[] body = new byte[RecordBody.Measure(RecordBody.NullLength, value.Length)];
        var writer = new RecordBodyWriter(body);
        writer.WriteNullKey();
        writer.WriteValue(value);
        writer.WriteHeaderCount(0);
        return body;
    }

    public void State(LogStream stream, string entry)
    {
        using Command command = Engine.BeginCommand(Command.StateBytes(entry.Length));
        command.AppendState(stream, Encoding.UTF8.GetBytes(entry));
        _ = command.Commit().AsTask();
    }

    /// <summary>Releases as a live command does: folded now, and again after a recovery.</summary>
    public void Release(LogStream stream, params IEnumerable<long> offsets)
    {
        foreach (long offset in offsets)
        {
            State(stream, $"release {offset}");
            Machine.Add(stream, $"release {offset}");
        }
    }

    public void Commit()
    {
        while (Engine.CommitOnce())
        {
        }
    }

    /// <summary>Texts, all of which must be there.</summary>
    public IEnumerable<string> Read(LogStream stream, params long[] offsets)
    {
        using RecordSet records = Engine.Read(stream, offsets);
        var texts = new List<string>();
        for (int i = 0; i < records.Count; i++)
        {
            Assert.Equal(StoredRecordState.Present, records[i].State);
            Assert.True(RecordBodyReader.TryRead(records[i].Body.Span, out RecordBodyReader body));
            texts.Add(Encoding.UTF8.GetString(body.Value));
        }

        return texts;
    }

    public StoredRecordState StateOf(LogStream stream, long offset)
    {
        using RecordSet records = Engine.Read(stream, [offset]);
        return records[0].State;
    }

    public void Crash(Random random)
    {
        Abandon();
        _disk.Crash(random);
    }

    public void Kill()
    {
        Abandon();
        _disk.Kill();
    }

    public void Dispose()
    {
        if (!_isGone)
        {
            _isGone = true;
            Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Abandon()
    {
        _isGone = true;
        Engine.Abandon();
    }
}

/// <summary>Keeps what is logged, as "level: text".</summary>
internal sealed class KeptLog : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
