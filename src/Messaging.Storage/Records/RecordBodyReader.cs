namespace Messaging.Storage.Records;

/// <summary>A record body, decoded in place: key, value and where the headers stand. Bounds-safe. Hot path: no allocation.</summary>
public readonly ref struct RecordBodyReader
{
    /// <summary>Two lengths of one byte each.</summary>
    private const int HeaderBytesMin = 2;

    private readonly ReadOnlySpan<byte> _headers;

    private RecordBodyReader(
        ReadOnlySpan<byte> key, bool keyIsNull, ReadOnlySpan<byte> value, bool valueIsNull, int headerCount, ReadOnlySpan<byte> headers)
    {
        Key = key;
        KeyIsNull = keyIsNull;
        Value = value;
        ValueIsNull = valueIsNull;
        HeaderCount = headerCount;
        _headers = headers;
    }

    /// <summary>Empty when null.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>No key, as opposed to an empty one.</summary>
    public bool KeyIsNull { get; }

    /// <summary>Empty when null.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>A tombstone.</summary>
    public bool ValueIsNull { get; }

    /// <summary>As the body says it; the bytes have room for that many, which need not be well-formed.</summary>
    public int HeaderCount { get; }

    /// <summary>The headers, in the order in which they were written.</summary>
    public RecordHeaderEnumerator Headers => new(_headers, HeaderCount);

    /// <summary>Reads key, value and header count; the headers themselves are checked as they are enumerated.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RecordBodyReader reader)
    {
        var fields = new FieldReader(body);
        if (fields.TryReadField(out var key, out var keyIsNull)
            && fields.TryReadField(out var value, out var valueIsNull)
            && fields.TryReadInt32(out var count)
            && count >= 0
            && count <= fields.Rest.Length / HeaderBytesMin)
        {
            reader = new RecordBodyReader(key, keyIsNull, value, valueIsNull, count, fields.Rest);
            return true;
        }

        reader = default;
        return false;
    }
}
