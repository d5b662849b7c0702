namespace Messaging.Storage.Records;

/// <summary>The headers of one record, in place. Bounds-safe: lying lengths end it with <see cref="Malformed"/>. Hot path: no allocation.</summary>
public ref struct RecordHeaderEnumerator
{
    private FieldReader _fields;
    private int _left;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;
    private bool _valueIsNull;

    internal RecordHeaderEnumerator(ReadOnlySpan<byte> headers, int count)
    {
        _fields = new FieldReader(headers);
        _left = count;
    }

    /// <summary>UTF-8, not checked.</summary>
    public readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>Empty when null.</summary>
    public readonly ReadOnlySpan<byte> Value => _value;

    /// <summary>No value, as opposed to an empty one.</summary>
    public readonly bool ValueIsNull => _valueIsNull;

    /// <summary>Known once <see cref="MoveNext"/> has returned false: the bytes were not exactly the announced headers.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Goes to the next header; false at the end, good or bad.</summary>
    public bool MoveNext()
    {
        if (_left == 0 || Malformed)
        {
            Malformed |= _fields.Rest.Length > 0;
            return false;
        }

        _left--;
        if (_fields.TryReadField(out _name, out var nameIsNull) && !nameIsNull && _fields.TryReadField(out _value, out _valueIsNull))
        {
            return true;
        }

        Malformed = true;
        return false;
    }
}
