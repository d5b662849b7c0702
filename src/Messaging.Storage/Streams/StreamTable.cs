namespace Messaging.Storage.Streams;

/// <summary>All streams by id. Belongs to the sequencer: used inside commands, and by maintenance inside the gate.</summary>
internal sealed class StreamTable(Dictionary<long, LogStream> streams, long lastId)
{
    public LogStream System => streams[0];

    /// <summary>Ids are never used again.</summary>
    public long LastId { get; private set; } = lastId;

    /// <summary>In the order of their ids, the system stream first.</summary>
    public LogStream[] InOrder()
    {
        LogStream[] ordered = [.. streams.Values];
        Array.Sort(ordered, static (left, right) => left.Id.CompareTo(right.Id));
        return ordered;
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
