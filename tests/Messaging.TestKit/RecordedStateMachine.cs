using System.Buffers;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.TestKit;

/// <summary>A state machine whose state is the list of what it was told, per stream: what the engine folds is what was appended.</summary>
public sealed class RecordedStateMachine : IStateMachine
{
    /// <summary>Per stream: the entries as strings, in order; the snapshot carries them.</summary>
    public Dictionary<long, List<string>> Entries { get; } = [];

    public Dictionary<long, LogStream> Streams { get; } = [];

    public void Restore(LogStream stream, ReadOnlySpan<byte> snapshot)
    {
        Streams[stream.Id] = stream;
        Entries[stream.Id] = [.. System.Text.Encoding.UTF8.GetString(snapshot).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Per stream: the batches that recovery told of, in order.</summary>
    public List<(long StreamId, RecordBatchHeader Batch)> Replayed { get; } = [];

    public void RecordsAppended(LogStream stream, in RecordBatchHeader batch)
    {
        Streams[stream.Id] = stream;
        Replayed.Add((stream.Id, batch));
    }

    public void Apply(LogStream stream, ReadOnlySpan<byte> entry)
    {
        Streams[stream.Id] = stream;
        Add(stream, System.Text.Encoding.UTF8.GetString(entry));
    }

    /// <summary>What a live command does beside appending the entry, and the fold after recovery: "release N" releases offset N.</summary>
    public void Add(LogStream stream, string entry)
    {
        if (!Entries.TryGetValue(stream.Id, out List<string>? entries))
        {
            Entries[stream.Id] = entries = [];
        }

        entries.Add(entry);
        if (entry.StartsWith("release ", StringComparison.Ordinal))
        {
            stream.Release(long.Parse(entry.AsSpan(8), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public void StreamDropped(LogStream stream)
    {
        Streams.Remove(stream.Id);
        Entries.Remove(stream.Id);
    }

    public void Snapshot(LogStream stream, IBufferWriter<byte> destination)
    {
        if (Entries.TryGetValue(stream.Id, out List<string>? entries))
        {
            destination.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', entries)));
        }
    }
}
