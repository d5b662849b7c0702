using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Http;

namespace Messaging.Rest.Wire;

/// <summary>
/// What a stream takes out of one fetch: as many records as fit into <see cref="RestLimits.StreamPieceBytesMax"/>, but one in any case. Owned by the stream, which owns the records too; not
/// thread-safe. Hot path.
/// </summary>
internal sealed class RecordPiece(FetchedRecords fetched, BodyEncoding encoding, bool isEvents)
{
    /// <summary>Where the stream goes on.</summary>
    public long NextOffset { get; private set; } = fetched.Offset;

    /// <summary>Why what follows can't be read.</summary>
    public BrokerError? Error { get; private set; }

    public void Write(BufferedAnswer piece)
    {
        var writer = new RecordStreamWriter(piece, isEvents);
        using FetchedRecordReader reader = fetched.Read();
        while (piece.Length < RestLimits.StreamPieceBytesMax && reader.MoveNext())
            writer.WriteRecord(in reader, encoding);
        (NextOffset, Error) = (reader.NextOffset, reader.Error);
        if (NextOffset == fetched.Offset && Error is null)
            writer.WriteKeepAlive();
    }
}
