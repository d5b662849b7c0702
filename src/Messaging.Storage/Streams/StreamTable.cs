namespace Messaging.Storage.Streams;

/// <summary>All streams by id. Belongs to the sequencer: used inside commands, and by maintenance inside the gate.</summary>
internal sealed class StreamTable(Dictionary<long, LogStream> streams, long lastId)
{
    public LogStream System => streams[0];

    /// <summary>Ids are never used again.</summary>
    public long LastId { get; private set; } = lastId;

    /// <summary>A copy for maintenance, in no order.</summary>
    public LogStream[] ToArray() => [.. streams.Values];

    /// <summary>In the order of their ids, the system stream first. Outside of the sequencer: sorting takes its time.</summary>
    public static LogStream[] Ordered(LogStream[] streams)
    {
        Array.Sort(streams, static (left, right) => left.Id.CompareTo(right.Id));
        return streams;
    }

    public LogStream Add()
    {
        var stream = new LogStream(++LastId);
        streams.Add(stream.Id, stream);
        return stream;
    }

    public void Remove(LogStream stream)
    {
        Invariant.Check(stream.Id != 0, "the system stream stays");
        Invariant.Check(streams.Remove(stream.Id), "only streams that exist are dropped");
        stream.IsDropped = true;
        stream.Index.Drop();
    }
}
