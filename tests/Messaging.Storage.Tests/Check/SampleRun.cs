using System.Globalization;
using System.Text;
using Messaging.Storage.Disk;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Storage.Tests.Check;

/// <summary>
/// An engine driven by hand over a small folder, whose content is a pure function of the calls: what the folder check's tests
/// damage, and what the golden folders are made by.
/// </summary>
internal sealed class SampleRun
{
    private const long FirstTimestamp = 1_700_000_000_000;
    private long _records;

    public SampleRun(IDisk disk, LogEngineOptions? options = null)
    {
        Engine = LogEngine.Open(disk, options ?? Options, Machine, NullLogger.Instance, fault => throw fault);
        Machine.Streams[0] = Engine.System;
    }

    /// <summary>Small enough that a few hundred records fill slots, packs and checkpoints. Ids and salts come from a fixed seed.</summary>
    public static LogEngineOptions Options { get; } = new()
    {
        JournalSlotBytes = 16 << 10,
        JournalSlots = 8,
        CheckpointBytes = 1 << 20,
        PackBytesTarget = 24 << 10,
        BallastBytes = 4096,
        DiskReserveBytes = 0,
        RunThreads = false,
        FillRandom = bytes => new Random(1).NextBytes(bytes.Span),
    };

    public RecordedStateMachine Machine { get; } = new();

    public LogEngine Engine { get; }

    public LogStream CreateStream(string firstEntry)
    {
        using Command command = Engine.BeginCommand(200);
        LogStream stream = command.CreateStream();
        Machine.Streams[stream.Id] = stream;
        Append(command, stream, firstEntry);
        Await(command.Commit());
        return stream;
    }

    public void Drop(LogStream stream)
    {
        using Command command = Engine.BeginCommand(100);
        command.DropStream(stream);
        Machine.StreamDropped(stream);
        Await(command.Commit());
    }

    /// <summary>A body of about that many bytes that says which record it is.</summary>
    public long Send(LogStream stream, int bytes) => Append(stream, bytes, null);

    /// <summary>The same with a time that a producer chose.</summary>
    public long SendAt(LogStream stream, long timestampMs, int bytes) => Append(stream, bytes, timestampMs);

    public long SendBatch(LogStream stream, byte[] batch)
    {
        using Command command = Engine.BeginCommand(Command.BatchBytes(batch.Length));
        long offset = command.AppendBatch(stream, batch);
        Await(command.Commit());
        return offset;
    }

    /// <summary>Records that all the streams have; each says how many were sent before it.</summary>
    public void SendShared(LogStream[] streams, int count, int bytes)
    {
        ReadOnlyMemory<byte>[] bodies = [.. Enumerable.Range(0, count).Select(index => (ReadOnlyMemory<byte>)BodyOf($"shared {_records + index}".PadRight(bytes, '.')))];
        using Command command = Engine.BeginCommand((int)Command.SharedBytes(streams.Length, count, bodies.Sum(body => body.Length)));
        command.AppendShared(streams, FirstTimestamp + (_records * 1000), bodies, new long[streams.Length]);
        _records += count;
        Await(command.Commit());
    }

    private long Append(LogStream stream, int bytes, long? producerTime)
    {
        byte[] body = BodyOf($"stream {stream.Id} offset {stream.Next}".PadRight(bytes, '.'));
        using Command command = Engine.BeginCommand(Command.RecordBytes(body.Length));
        long offset = producerTime is { } time
            ? command.AppendRecordAt(stream, time, body)
            : command.AppendRecord(stream, FirstTimestamp + (_records++ * 1000), body);
        Await(command.Commit());
        return offset;
    }

    private static byte[] BodyOf(string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        byte[] body = new byte[RecordBody.Measure(-1, value.Length)];
        var writer = new RecordBodyWriter(body);
        writer.WriteNullKey();
        writer.WriteValue(value);
        writer.WriteHeaderCount(0);
        return body;
    }

    public void State(LogStream stream, string entry)
    {
        using Command command = Engine.BeginCommand(Command.StateBytes(entry.Length));
        Append(command, stream, entry);
        Await(command.Commit());
    }

    public void Release(LogStream stream, long offset) => State(stream, string.Create(CultureInfo.InvariantCulture, $"release {offset}"));

    public void Commit()
    {
        while (Engine.CommitOnce())
        {
        }
    }

    public void Checkpoint()
    {
        Commit();
        Engine.Maintain(force: true);
    }

    /// <summary>Sends to streams in turn and releases some of it, through flushes, a checkpoint, and what stands behind it.</summary>
    public void Fill(LogStream[] streams, Random random, Action<LogStream> send)
    {
        for (int round = 0; round < 60; round++)
        {
            LogStream stream = streams[random.Next(streams.Length)];
            send(stream);
            long offset = random.NextInt64(stream.Next);
            if (!stream.IsReleased(offset))
            {
                Release(stream, offset);
            }

            Commit();
            Engine.Maintain();
        }

        Checkpoint();
        for (int round = 0; round < 12; round++)
        {
            send(streams[round % streams.Length]);
            Commit();

            // Not by force: a flush that is due leaves the tail's newest slots where they are.
            if (round == 5)
            {
                Engine.Maintain();
            }
        }
    }

    public void StopClean() => Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Everything that the folder holds, in words: what the golden folders are compared by.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach ((long id, LogStream stream) in Machine.Streams.OrderBy(stream => stream.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"stream {id}: low {stream.Low}, next {stream.Next}, live {stream.LiveCount}, last timestamp {stream.LastTimestamp}\n");
            foreach (string entry in Machine.Entries.GetValueOrDefault(id, []))
            {
                text.Append(CultureInfo.InvariantCulture, $"  state {entry}\n");
            }

            for (long offset = stream.NextLive(stream.Low); offset < stream.Next; offset = stream.NextLive(offset + 1))
            {
                using RecordSet records = Engine.Read(stream, [offset]);
                string value = records[0].State == StoredRecordState.Present && RecordBodyReader.TryRead(records[0].Body.Span, out RecordBodyReader body)
                    ? $"{records[0].TimestampMs} {Encoding.UTF8.GetString(body.Value)}"
                    : records[0].State.ToString();
                text.Append(CultureInfo.InvariantCulture, $"  {offset} {value}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>All batches in which something lives, in words: what of them stays as it is however often they are copied.</summary>
    public string DescribeBatches()
    {
        var text = new StringBuilder();
        foreach ((long id, LogStream stream) in Machine.Streams.OrderBy(stream => stream.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"stream {id}: low {stream.Low}, next {stream.Next}, synced {stream.SyncedNext}, live {stream.LiveCount}, last timestamp {stream.LastTimestamp}\n");
            using BatchSet batches = Engine.ReadBatches(stream, stream.Low, long.MaxValue, int.MaxValue);
            for (int i = 0; i < batches.Count; i++)
            {
                if (stream.NextLive(batches[i].Header.BaseOffset) <= batches[i].Header.LastOffset)
                {
                    Describe(text, stream, batches[i]);
                }
            }
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, LogStream stream, in StoredBatch batch)
    {
        RecordBatchHeader header = batch.Header;
        text.Append(
            CultureInfo.InvariantCulture,
            $"  {header.BaseOffset} to {header.LastOffset}: epoch {header.LeaderEpoch}, attributes {header.Attributes}, producer {header.ProducerId} {header.ProducerEpoch} {header.BaseSequence}\n");
        if (header.Compression != RecordCompression.None)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {header.Count} records of {header.MaxTimestamp}: {Crc32C.Compute(batch.Bytes.Span):x8}\n");
            return;
        }

        var records = new RecordEnumerator(batch.Bytes.Span);
        while (records.MoveNext())
        {
            long offset = header.BaseOffset + records.OffsetDelta;
            if (!stream.IsReleased(offset) && RecordBodyReader.TryRead(records.Body, out RecordBodyReader body))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {offset} {header.BaseTimestamp + records.TimestampDelta} {Encoding.UTF8.GetString(body.Value)}\n");
            }
        }
    }

    private void Append(Command command, LogStream stream, string entry)
    {
        command.AppendState(stream, Encoding.UTF8.GetBytes(entry));
        Machine.Add(stream, entry);
    }

    private static void Await(ValueTask commit) => _ = commit.AsTask();
}
