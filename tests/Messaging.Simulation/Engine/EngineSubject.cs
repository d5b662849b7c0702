using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Simulation.Engine;

/// <summary>
/// The engine alone under a random workload: streams come and go, records are appended to one or many of them, released, moved
/// from one to another in one command. Judged by an <see cref="EngineModel"/>: acknowledged is there byte for byte; of the rest a
/// prefix of whole commands; nothing else.
/// </summary>
internal sealed class EngineSubject(Random random, SimulationCoverage coverage) : ISimulatedSubject
{
    private const int StreamsMax = 6;
    private const int LiveBytesMax = 160 << 10;

    private readonly LogEngineOptions _options = ChooseOptions(random);

    private readonly BatchJudge _batches = new(coverage);
    private readonly Queue<ModelCommand> _pending = new();
    private readonly List<long> _offsets = [];
    private HashingStateMachine _machine = new();
    private LogEngine? _engine;

    // What is acknowledged or has been visible, and that with all commands that are only sequenced.
    private EngineModel _durable = new();
    private EngineModel _sequenced = new();
    private bool _isRotten;
    private long _clock = 1_700_000_000_000;

    public int JournalSlots => _options.JournalSlots;

    public LogEngine Open(SimDisk disk, Action<Exception> fatal)
    {
        _machine = new HashingStateMachine();
        return _engine = LogEngine.Open(disk, _options, _machine, NullLogger.Instance, fatal);
    }

    public void JudgeRecovery()
    {
        _machine.Streams[0] = _engine!.System;
        long recovered = _machine.LastCommand;
        SimulationException.Check(recovered >= _durable.LastCommand, $"command {_durable.LastCommand} was acknowledged; recovered up to {recovered}");
        while (_pending.TryPeek(out ModelCommand? command) && command.Number <= recovered)
        {
            _durable.Apply(_pending.Dequeue());
            coverage.Count("unacknowledged commands that survived");
        }

        coverage.Count("unacknowledged commands that vanished", _pending.Count);
        _pending.Clear();
        _durable.Judge(_machine);
        _sequenced = _durable.Copy();
    }

    public void Operate()
    {
        long[] streams = [.. _sequenced.Streams.Keys.Where(id => id != 0).Order()];
        bool mayAppend = !_engine!.SendsRefused;
        int choice = random.Next(100);
        if (_sequenced.Streams.Values.Sum(stream => stream.LiveBytes) > LiveBytesMax)
        {
            choice = random.Next(2) == 0 ? 50 : 60;
        }

        switch (choice)
        {
            case < 28 when mayAppend && streams.Length > 0:
                Append(streams[random.Next(streams.Length)], 1 + random.Next(4));
                break;
            case < 42 when mayAppend && streams.Length > 0:
                AppendBatches(streams[random.Next(streams.Length)]);
                break;
            case < 45 when mayAppend && streams.Length > 1:
                AppendToMany(streams);
                break;
            case < 48 when mayAppend && streams.Length > 1:
                AppendShared(streams);
                break;
            case < 72 when streams.Length > 0:
                ReleaseSome(streams[random.Next(streams.Length)]);
                break;
            case < 78 when mayAppend && streams.Length > 1:
                Move(streams[random.Next(streams.Length)], streams[random.Next(streams.Length)]);
                break;
            case < 82 when streams.Length > 0:
                ReleaseBelow(streams[random.Next(streams.Length)]);
                break;
            case < 90:
                Note(streams.Length == 0 ? 0 : streams[random.Next(streams.Length)]);
                break;
            case < 93:
                Begin(0, static (_, _) => { }, isEmpty: true);
                break;
            case < 97 when streams.Length > 2:
                Drop(streams[random.Next(streams.Length)]);
                break;
            default:
                if (streams.Length < StreamsMax)
                {
                    Create();
                }

                break;
        }
    }

    public void Settle()
    {
        while (_pending.TryPeek(out ModelCommand? command) && command.Commit.IsCompletedSuccessfully)
        {
            command.Admission.Dispose();
            _durable.Apply(_pending.Dequeue());
            coverage.Count("acknowledged commands");
        }

        SimulationException.Check(!_pending.Any(command => command.Commit.IsCompletedSuccessfully), "commands are acknowledged in their order");
    }

    public void JudgeReads(bool all)
    {
        foreach ((long id, ModelStream sequenced) in _sequenced.Streams)
        {
            if (_machine.Streams.TryGetValue(id, out LogStream? stream) && (all || random.Next(3) == 0))
            {
                JudgeReads(stream, sequenced, _durable.Streams.GetValueOrDefault(id), all);
                JudgeBatches(stream, sequenced, _durable.Streams.GetValueOrDefault(id), all);
            }
        }
    }

    public void Stop() => _engine!.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public void Lost() => _engine = null;

    public void Rotted() => _batches.IsRotten = _isRotten = true;

    public void ConsumeAll()
    {
        foreach (long id in _sequenced.Streams.Keys.Where(id => id != 0).Order().ToArray())
        {
            if (id % 2 == 0)
            {
                Drop(id);
            }
            else
            {
                Begin(Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) =>
                    Fold(command, model, id, EntryKind.ReleaseBelow, _sequenced.Streams[id].Next));
            }

            // A small slot admits only a few at once.
            while (_engine!.CommitOnce())
            {
            }

            Settle();
        }
    }

    // Small enough that flushes, merges and recycled slots come several times in a hundred operations.
    private static LogEngineOptions ChooseOptions(Random random)
    {
        int slotBytes = (16 << 10) << random.Next(3);
        return new LogEngineOptions
        {
            JournalSlotBytes = slotBytes,
            JournalSlots = random.Next(6, 9),
            CheckpointBytes = slotBytes * random.Next(1, 6),
            PackBytesTarget = 64 << 10,
            PromotedBatchBytes = random.Next(2) == 0 ? 1 : slotBytes,
            PromotedShareMin = 1.0 / random.Next(2, 50),
            ReadCacheBytes = (16 << 10) << random.Next(4),
            DiskReserveBytes = 32 << 10,
            BallastBytes = slotBytes,
            RunThreads = false,
            FillRandom = bytes => random.NextBytes(bytes.Span),
        };
    }

    private void JudgeReads(LogStream stream, ModelStream sequenced, ModelStream? durable, bool all)
    {
        _offsets.Clear();
        foreach (long offset in sequenced.Records.Keys.Order())
        {
            if (sequenced.Records[offset].Body is not null && (all ? sequenced.Live.Contains(offset) || offset % 7 == 0 : random.Next(8) == 0))
            {
                _offsets.Add(offset);
            }
        }

        using RecordSet records = _engine!.Read(stream, _offsets.ToArray());
        for (int i = 0; i < records.Count; i++)
        {
            bool isVisible = durable is not null && durable.Records.ContainsKey(_offsets[i]);
            bool isLive = isVisible && sequenced.Live.Contains(_offsets[i]) && durable!.Live.Contains(_offsets[i]);
            Judge(stream.Id, records[i], sequenced.Records[_offsets[i]], isVisible, isLive);
        }

        coverage.Count("records read", records.Count);
    }

    private void JudgeBatches(LogStream stream, ModelStream sequenced, ModelStream? durable, bool all)
    {
        long from = all ? 0 : random.NextInt64(sequenced.Next + 1);
        long to = all || random.Next(2) == 0 ? long.MaxValue : random.NextInt64(from, sequenced.Next + 1);
        _batches.Judge(_engine!, stream, sequenced, durable, from, to, all ? int.MaxValue : random.Next(20_000));
    }

    private void Judge(long streamId, in StoredRecord record, in ModelEffect expected, bool isVisible, bool isLive)
    {
        string name = $"record {expected.Value} of stream {streamId}";
        switch (record.State)
        {
            case StoredRecordState.Present:
                SimulationException.Check(isVisible, $"{name} is not visible before its sync");
                SimulationException.Check(
                    record.Offset == expected.Value && record.TimestampMs == expected.Timestamp && record.Body.Span.SequenceEqual(expected.Body),
                    $"{name} has the bytes and the time that were sent");
                break;
            case StoredRecordState.Missing:
                SimulationException.Check(!isLive, $"{name} lives and is there");
                break;
            case StoredRecordState.Damaged:
                SimulationException.Check(_isRotten, $"{name} is not damaged, for nothing has rotted");
                SimulationException.Check(_engine!.QuarantinedBlocks > 0, $"{name} is damaged and that raised an alarm");
                coverage.Count("damaged records answered");
                break;
        }
    }

    private void Append(long streamId, int count)
    {
        byte[] first = Body();
        count = Math.Min(count, _engine!.CommandBytesMax / Command.RecordBytes(first.Length + 64));
        byte[][] bodies = [first, .. Enumerable.Range(1, count - 1).Select(_ => Body(first.Length))];
        Begin(bodies.Sum(body => Command.RecordBytes(body.Length)), (command, model) =>
        {
            foreach (byte[] body in bodies)
            {
                AppendOne(command, model, streamId, body);
            }
        }, hasRecords: true);
    }

    // One or several in a command, sometimes with a record between them: it joins no batch from before.
    private void AppendBatches(long streamId)
    {
        byte[][] batches = [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => BatchCalls.Make(random, random.Next(10) == 0 ? 6_000 : 600))];
        byte[]? body = random.Next(3) == 0 ? Body(300) : null;
        int bytes = batches.Sum(batch => Command.BatchBytes(batch.Length)) + (body is null ? 0 : Command.RecordBytes(body.Length));
        if (bytes + Command.RecordBytes(64) > _engine!.CommandBytesMax)
        {
            return;
        }

        Begin(bytes, (command, model) =>
        {
            foreach (byte[] batch in batches)
            {
                AppendBatch(command, model, streamId, batch);
                if (body is not null)
                {
                    AppendOne(command, model, streamId, body);
                    body = null;
                }
            }
        }, hasRecords: true);
    }

    private void AppendToMany(long[] streams)
    {
        byte[] body = Body();
        long[] targets = [.. streams.Where(_ => random.Next(2) == 0).Take(_engine!.CommandBytesMax / Command.RecordBytes(body.Length + 64))];
        Begin(targets.Length * Command.RecordBytes(body.Length), (command, model) =>
        {
            foreach (long target in targets)
            {
                AppendOne(command, model, target, body);
            }
        }, hasRecords: true);
    }

    // The same records to several, once in the frame; sometimes with one before and one behind, which joins no batch from before.
    private void AppendShared(long[] streams)
    {
        byte[][] bodies = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Body(400))];
        long[] targets = [.. streams.Where(_ => random.Next(3) > 0)];
        byte[]? around = random.Next(3) == 0 ? Body(100) : null;
        long bytes = Command.SharedBytes(targets.Length, bodies.Length, bodies.Sum(body => body.Length)) + (around is null ? 0 : 2 * Command.RecordBytes(around.Length));
        if (targets.Length == 0 || bytes + Command.RecordBytes(64) > _engine!.CommandBytesMax)
        {
            return;
        }

        Begin((int)bytes, (command, model) =>
        {
            if (around is not null)
            {
                AppendOne(command, model, targets[^1], around);
            }

            AppendToAll(command, model, targets, bodies);
            if (around is not null)
            {
                AppendOne(command, model, targets[0], around);
            }
        }, hasRecords: true);
        coverage.Count("records shared by streams", bodies.Length * targets.Length);
    }

    private void ReleaseSome(long streamId)
    {
        long[] live = [.. _sequenced.Streams[streamId].Live];
        if (live.Length == 0)
        {
            return;
        }

        // Mostly from the front, as a queue's consumers do; sometimes anywhere, so that stragglers stay.
        int count = Math.Min(live.Length, 1 + random.Next(12));
        long[] chosen = random.Next(3) > 0 ? live[..count] : [.. Enumerable.Range(0, count).Select(_ => live[random.Next(live.Length)])];
        Begin(chosen.Length * Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) =>
        {
            foreach (long offset in chosen)
            {
                Fold(command, model, streamId, EntryKind.Release, offset);
            }
        });
    }

    private void Move(long from, long to)
    {
        ModelStream source = _sequenced.Streams[from];
        if (source.Live.Count == 0)
        {
            return;
        }

        long offset = source.Live.ElementAt(random.Next(source.Live.Count));
        if (source.Records[offset].Body is not { } body)
        {
            return;
        }

        Begin(Command.RecordBytes(body.Length) + Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) =>
        {
            Fold(command, model, from, EntryKind.Release, offset);
            AppendOne(command, model, to, body);
        }, hasRecords: true);
    }

    private void ReleaseBelow(long streamId)
    {
        ModelStream stream = _sequenced.Streams[streamId];
        long below = stream.Next == 0 ? 0 : random.NextInt64(stream.Next + 1);
        Begin(Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) => Fold(command, model, streamId, EntryKind.ReleaseBelow, below));
    }

    private void Note(long streamId) =>
        Begin(Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) => Fold(command, model, streamId, EntryKind.Note, random.Next()));

    private void Create()
    {
        Begin(Command.StateBytes(0) + Command.StateBytes(HashingStateMachine.EntryBytes), (command, model) =>
        {
            LogStream stream = command.CreateStream();
            SimulationException.Check(stream.Id > _durable.LastStreamId, $"stream ids up to {_durable.LastStreamId} are used up; given was {stream.Id}");
            _machine.Streams[stream.Id] = stream;
            Add(model, new ModelEffect(EffectKind.StreamCreated, stream.Id));

            // A state machine hears of a stream by its first entry.
            Fold(command, model, stream.Id, EntryKind.Note, 0);
        });
        coverage.Count("streams created");
    }

    private void Drop(long streamId)
    {
        LogStream stream = _machine.Streams[streamId];
        Begin(Command.StateBytes(0), (command, model) =>
        {
            command.DropStream(stream);
            _machine.StreamDropped(stream);
            Add(model, new ModelEffect(EffectKind.StreamDropped, streamId));
        });
        coverage.Count("streams dropped");
    }

    private void AppendOne(in Command command, ModelCommand model, long streamId, byte[] body)
    {
        LogStream stream = _machine.Streams[streamId];
        _clock += random.Next(-2, 50);
        long expected = _sequenced.Streams[streamId].Next;
        long offset = command.AppendRecord(stream, _clock, body);
        SimulationException.Check(offset == expected, $"the next offset of stream {streamId} is {expected}; given was {offset}");
        _machine.Appended(stream, offset, 1);
        Add(model, new ModelEffect(EffectKind.Appended, streamId, offset, Timestamp: stream.LastTimestamp, Body: body));
    }

    private void AppendToAll(in Command command, ModelCommand model, long[] streamIds, byte[][] bodies)
    {
        LogStream[] streams = [.. streamIds.Select(id => _machine.Streams[id])];
        long[] offsets = new long[streams.Length];
        _clock += random.Next(-2, 50);
        command.AppendShared(streams, _clock, [.. bodies.Select(body => (ReadOnlyMemory<byte>)body)], offsets);
        for (int i = 0; i < streams.Length; i++)
        {
            long expected = _sequenced.Streams[streamIds[i]].Next;
            SimulationException.Check(offsets[i] == expected, $"the next offset of stream {streamIds[i]} is {expected}; given was {offsets[i]}");
            _machine.Appended(streams[i], offsets[i], bodies.Length);
            for (int j = 0; j < bodies.Length; j++)
            {
                Add(model, new ModelEffect(EffectKind.Appended, streamIds[i], offsets[i] + j, Timestamp: streams[i].LastTimestamp, Body: bodies[j]));
            }
        }
    }

    private void AppendBatch(in Command command, ModelCommand model, long streamId, byte[] batch)
    {
        LogStream stream = _machine.Streams[streamId];
        long expected = _sequenced.Streams[streamId].Next;
        long offset = command.AppendBatch(stream, batch);
        SimulationException.Check(offset == expected, $"the next offset of stream {streamId} is {expected}; given was {offset}");
        _machine.Appended(stream, offset, (int)(stream.Next - offset));
        Add(model, new ModelEffect(EffectKind.BatchAppended, streamId, offset, Body: batch));
    }

    private void Fold(in Command command, ModelCommand model, long streamId, EntryKind kind, long value)
    {
        Span<byte> entry = stackalloc byte[HashingStateMachine.EntryBytes];
        HashingStateMachine.WriteEntry(entry, kind, value);
        LogStream stream = _machine.Streams[streamId];
        command.AppendState(stream, entry);
        _machine.Apply(stream, entry);
        Add(model, new ModelEffect(EffectKind.Entry, streamId, value, kind));
    }

    private void Add(ModelCommand model, ModelEffect effect)
    {
        model.Effects.Add(effect);
        _sequenced.Apply(effect);
    }

    // Every command that writes leaves its number behind, so that recovery tells how far the sequence got.
    private void Begin(int bytes, CommandBody fill, bool isEmpty = false, bool hasRecords = false)
    {
        bytes += isEmpty ? 0 : Command.StateBytes(HashingStateMachine.EntryBytes);
        if (!_engine!.Admission.HasRoom(bytes, hasRecords))
        {
            coverage.Count("commands not admitted");
            return;
        }

        Task<Admission> admitted = _engine.Admission.EnterAsync(bytes, hasRecords, CancellationToken.None).AsTask();
        SimulationException.Check(admitted.IsCompletedSuccessfully, "where there is room, a command is admitted at once");
        var model = new ModelCommand(_sequenced.LastCommand + (isEmpty ? 0 : 1)) { Admission = admitted.Result };
        using (Command command = _engine.BeginCommand(bytes))
        {
            fill(command, model);
            if (!isEmpty)
            {
                Fold(command, model, 0, EntryKind.Note, model.Number);
                _sequenced.Apply(new ModelCommand(model.Number));
            }

            model.Commit = command.Commit().AsTask();
        }

        _pending.Enqueue(model);
    }

    private byte[] Body() => Body(random.Next(20) switch
    {
        < 12 => 200,
        < 18 => 2_000,
        < 19 => 7_000,
        _ => _engine!.CommandBytesMax - (2 * Command.RecordBytes(64)),
    });

    private byte[] Body(int lengthMax)
    {
        int length = random.Next(lengthMax + 1);
        byte[] value = new byte[length];
        random.NextBytes(value);
        byte[] body = new byte[RecordBody.Measure(RecordBody.NullLength, length)];
        var writer = new RecordBodyWriter(body);
        writer.WriteNullKey();
        writer.WriteValue(value);
        writer.WriteHeaderCount(0);
        return body;
    }

    private delegate void CommandBody(Command command, ModelCommand model);
}
