namespace Messaging.Storage.Check;

/// <summary>
/// Bytes of a data folder that are not what a server wrote: the file, named from the folder's root, the position in it, and
/// the records that it hits, where they are known.
/// </summary>
public readonly record struct Damage(string File, long Position, long? StreamId, OffsetRange? Offsets, string What)
{
    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string hit = (StreamId, Offsets) switch
        {
            (null, _) => "",
            (_, null) => $" (stream {StreamId})",
            _ => $" (stream {StreamId}, offsets {Offsets.Value.First} to {Offsets.Value.Last})",
        };
        return $"{File} at {Position}: {What}{hit}";
    }
}

/// <summary>Offsets of one stream, both ends included.</summary>
public readonly record struct OffsetRange(long First, long Last);
