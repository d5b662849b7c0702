using System.Text;
using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A stored record as a message (message.md, <see cref="StoredHeaders"/>). Nothing is copied: bodies and values are slices of the record. Broker headers that
/// this version does not know are passed over. False for bytes that are no record of ours. Hot path: allocates only for attributes and rare content types.
/// </summary>
internal static class RecordDecoder
{
    /// <summary>What a record says; the body is a slice of it.</summary>
    internal ref struct Decoded
    {
        public ReadOnlyMemory<byte> Body;
        /// <summary>When it was sent: the record's timestamp, unless the record says otherwise.</summary>
        public readonly long SentAtMs(long timestampMs) => SentMs > 0 ? SentMs : timestampMs;

        public string? ContentType;
        public string? TraceParent;
        public string? TraceHeader;
        public string? Sender;
        public string? DeduplicationId;
        public long NotBeforeMs;
        public MessageId? Id;
        public long SentMs;
        public MessageOrigin? Origin;
        public string? Group;
        public int Priority;
        public long ExpiresMs;
        public IReadOnlyList<MessageAttribute> Attributes;
    }

    public static bool TryRead(ReadOnlyMemory<byte> record, out Decoded message)
    {
        message = new Decoded { Attributes = [] };
        if (!RecordBodyReader.TryRead(record.Span, out RecordBodyReader reader)) return false;
        message.Body = Slice(record, reader.Value);
        if (!reader.KeyIsNull) message.Group = Encoding.UTF8.GetString(reader.Key);
        ReadOnlySpan<byte> typed = default;
        MessageAttribute[]? attributes = null;
        int count = 0;
        int broker = 0;
        RecordHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext())
        {
            if (headers.Name.StartsWith(StoredHeaders.ReservedPrefix))
            {
                broker++;
                if (headers.Name.SequenceEqual(StoredHeaders.NotBefore)) message.NotBeforeMs = Varint(headers.Value, out _);
                else if (headers.Name.SequenceEqual(StoredHeaders.Expires)) message.ExpiresMs = Varint(headers.Value, out _);
                else if (headers.Name.SequenceEqual(StoredHeaders.ContentType)) message.ContentType = ContentType(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Priority)) message.Priority = (int)Varint(headers.Value, out _);
                else if (headers.Name.SequenceEqual(StoredHeaders.TraceParent)) message.TraceParent = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.DeduplicationId)) message.DeduplicationId = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.AttributeTypes)) typed = headers.Value;
                else if (headers.Name.SequenceEqual(StoredHeaders.Id) && headers.Value.Length == MessageId.Bytes) message.Id = new MessageId(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.SentAt)) message.SentMs = Varint(headers.Value, out _);
                else if (headers.Name.SequenceEqual(StoredHeaders.Origin)) message.Origin = StoredOrigin.Decode(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Sender)) message.Sender = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.TraceHeader)) message.TraceHeader = Encoding.UTF8.GetString(headers.Value);
                continue;
            }

            attributes ??= new MessageAttribute[Math.Min(reader.HeaderCount - broker, record.Length)];
            attributes[count] = Attribute(record, headers.Name, headers.Value, typed.Contains((byte)count));
            count++;
        }

        if (attributes is not null) message.Attributes = count == attributes.Length ? attributes : attributes[..count];
        return !headers.Malformed;
    }

    private static MessageAttribute Attribute(ReadOnlyMemory<byte> record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isTyped)
    {
        var kind = AttributeKind.String;
        string? customType = null;
        if (isTyped && value.Length > 0)
        {
            byte type = value[0];
            value = value[1..];
            kind = (AttributeKind)(type & ~StoredHeaders.CustomTypeFlag);
            if ((type & StoredHeaders.CustomTypeFlag) != 0)
            {
                long length = Varint(value, out int bytes);
                value = value[bytes..];
                length = Math.Clamp(length, 0, value.Length);
                customType = Encoding.UTF8.GetString(value[..(int)length]);
                value = value[(int)length..];
            }
        }

        return new MessageAttribute(Encoding.UTF8.GetString(name), kind, customType, Slice(record, value));
    }

    // The common ones without an allocation.
    private static string ContentType(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("application/json"u8)) return "application/json";
        if (value.SequenceEqual("text/plain"u8)) return "text/plain";
        if (value.SequenceEqual("text/plain; charset=utf-8"u8)) return "text/plain; charset=utf-8";
        if (value.SequenceEqual("application/octet-stream"u8)) return "application/octet-stream";
        return Encoding.UTF8.GetString(value);
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> record, ReadOnlySpan<byte> part) =>
        record.Span.Overlaps(part, out int start) ? record.Slice(start, part.Length) : ReadOnlyMemory<byte>.Empty;

    private static long Varint(ReadOnlySpan<byte> source, out int bytes)
    {
        ulong value = 0;
        for (bytes = 0; bytes < source.Length && bytes < 10;)
        {
            byte part = source[bytes];
            value |= (ulong)(part & 0x7F) << (7 * bytes);
            bytes++;
            if (part <= 0x7F) break;
        }

        return (long)value;
    }
}
