using System.Buffers.Binary;
using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// Where a record was published, as the last header of a stored body (<see cref="StoredHeaders"/>): written with the body, and filled in inside the sequencer, where it becomes known. So a copy in a queue
/// tells the record that it is one of, whether or not the topic still has it.
/// </summary>
internal static class PublishedPlace
{
    public const int ValueBytes = 16;

    /// <summary>What the header takes.</summary>
    public static int Bytes { get; } = RecordBody.MeasureHeader(StoredHeaders.PublishedAt.Length, ValueBytes);

    /// <summary>Behind all other headers.</summary>
    public static void WriteEmpty(ref RecordBodyWriter writer) => writer.WriteHeader(StoredHeaders.PublishedAt, stackalloc byte[ValueBytes]);

    /// <summary>Into a body that ends with the header. Hot path.</summary>
    public static void Fill(Span<byte> body, long streamId, long offset)
    {
        Span<byte> value = body[^ValueBytes..];
        BinaryPrimitives.WriteInt64LittleEndian(value, streamId);
        BinaryPrimitives.WriteInt64LittleEndian(value[sizeof(long)..], offset);
    }

    /// <summary>False for another length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out MessagePlace place)
    {
        place = default;
        if (value.Length != ValueBytes) return false;
        place = new MessagePlace(BinaryPrimitives.ReadInt64LittleEndian(value), BinaryPrimitives.ReadInt64LittleEndian(value[sizeof(long)..]));
        return true;
    }
}
