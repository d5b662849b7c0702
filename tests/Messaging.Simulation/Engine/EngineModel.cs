using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Simulation.Engine;

/// <summary>All streams as they must be after some prefix of the commands: a fold like the engine's, over plain collections.</summary>
internal sealed class EngineModel
{
    public Dictionary<long, ModelStream> Streams { get; } = new() { [0] = new ModelStream() };

    public long LastStreamId { get; private set; }

    public long LastCommand { get; private set; }

    public EngineModel Copy()
    {
        var copy = new EngineModel { LastStreamId = LastStreamId, LastCommand = LastCommand };
        foreach ((long id, ModelStream stream) in Streams)
        {
            copy.Streams[id] = stream.Copy();
        }

        return copy;
    }

    public void Apply(ModelCommand command)
    {
        LastCommand = command.Number;
        foreach (ModelEffect effect in command.Effects)
        {
            Apply(effect);
        }
    }

    public void Apply(in ModelEffect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.StreamCreated:
                Streams.Add(effect.StreamId, new ModelStream());
                LastStreamId = effect.StreamId;
                break;
            case EffectKind.StreamDropped:
                Streams.Remove(effect.StreamId);
                break;
            case EffectKind.Appended:
                Streams[effect.StreamId].Append(effect);
                break;
            case EffectKind.BatchAppended:
                Streams[effect.StreamId].AppendBatch(effect);
                break;
            case EffectKind.Entry:
                Streams[effect.StreamId].Fold(effect);
                break;
        }
    }

    /// <summary>What the engine recovered is this model, to the last number.</summary>
    public void Judge(HashingStateMachine machine)
    {
        SimulationException.Check(
            machine.Streams.Keys.Order().SequenceEqual(Streams.Keys.Order()),
            $"the streams are {string.Join(",", Streams.Keys.Order())}; recovered {string.Join(",", machine.Streams.Keys.Order())}");
        foreach ((long id, ModelStream expected) in Streams)
        {
            expected.Judge(machine.Streams[id], machine.StateOf(id));
        }
    }
}

/// <summary>One stream of the model. Records stay known after their release: what was visible keeps its bytes for ever.</summary>
internal sealed class ModelStream
{
    private FoldedState _state;

    public long Next { get; private set; }

    public long LastTimestamp { get; private set; }

    public Dictionary<long, ModelEffect> Records { get; private init; } = [];

    /// <summary>Whole batches as they were sent, by their base offsets.</summary>
    public Dictionary<long, byte[]> Batches { get; private init; } = [];

    public SortedSet<long> Live { get; private init; } = [];

    public long LiveBytes { get; private set; }

    public ModelStream Copy() => new()
    {
        _state = _state,
        Next = Next,
        LastTimestamp = LastTimestamp,
        LiveBytes = LiveBytes,
        Records = new Dictionary<long, ModelEffect>(Records),
        Batches = new Dictionary<long, byte[]>(Batches),
        Live = [.. Live],
    };

    public void Append(in ModelEffect effect)
    {
        LastTimestamp = effect.Timestamp;
        Add(effect);
    }

    /// <summary>Every offset of the batch lives until it is released, also those without a record.</summary>
    public void AppendBatch(in ModelEffect effect)
    {
        byte[] batch = effect.Body!;
        Batches.Add(effect.Value, batch);
        SimulationException.Check(RecordBatch.TryReadHeader(batch, out RecordBatchHeader header), "what is sent is a batch");
        var records = new RecordEnumerator(batch);
        bool isAtRecord = records.MoveNext();
        for (int delta = 0; delta <= header.LastOffsetDelta; delta++)
        {
            bool isRecord = isAtRecord && records.OffsetDelta == delta;
            Add(new ModelEffect(
                EffectKind.Appended, effect.StreamId, effect.Value + delta,
                Timestamp: isRecord ? header.BaseTimestamp + records.TimestampDelta : 0,
                Body: isRecord ? records.Body.ToArray() : null)
            {
                Bytes = batch.Length / (header.LastOffsetDelta + 1),
            });
            isAtRecord = isRecord ? records.MoveNext() : isAtRecord;
        }
    }

    public void Fold(in ModelEffect effect)
    {
        _state = _state.WithEntry(effect.Entry, effect.Value);
        if (effect.Entry == EntryKind.Release)
        {
            Release(effect.Value);
        }
        else if (effect.Entry == EntryKind.ReleaseBelow)
        {
            while (Live.Count > 0 && Live.Min < effect.Value)
            {
                Release(Live.Min);
            }
        }
    }

    public void Judge(LogStream stream, FoldedState state)
    {
        Check(stream, stream.Next == Next, $"the next offset is {Next}", stream.Next);
        Check(stream, stream.LastTimestamp == LastTimestamp, $"the last timestamp is {LastTimestamp}", stream.LastTimestamp);
        Check(stream, stream.Low == (Live.Count > 0 ? Live.Min : Next), "everything below the first living record is released", stream.Low);
        Check(stream, stream.LiveCount == Live.Count, $"{Live.Count} records live", stream.LiveCount);
        Check(stream, state == _state, $"the folded state is {_state}", state);
        long offset = stream.NextLive(0);
        foreach (long live in Live)
        {
            Check(stream, offset == live, $"{live} is the next living record", offset);
            offset = stream.NextLive(live + 1);
        }

        Check(stream, offset == Next, "no other record lives", offset);
    }

    private void Add(in ModelEffect record)
    {
        Next = record.Value + 1;
        Records.Add(record.Value, record);
        Live.Add(record.Value);
        LiveBytes += record.Bytes;
        _state = _state.WithRecord(record.Value);
    }

    private void Release(long offset)
    {
        if (Live.Remove(offset))
        {
            LiveBytes -= Records[offset].Bytes;
        }
    }

    private static void Check<T>(LogStream stream, bool condition, string expected, T found) =>
        SimulationException.Check(condition, $"stream {stream.Id}: {expected}; found {found}");
}
