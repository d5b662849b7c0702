using Messaging.Broker.Messages;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>The headers of one fetched record, without the broker's own. In place.</summary>
public ref struct FetchedHeaderEnumerator
{
    private RecordHeaderEnumerator _headers;
    private ReadOnlySpan<byte> _typed;
    private int _attribute = -1;

    internal FetchedHeaderEnumerator(RecordHeaderEnumerator headers) => _headers = headers;

    /// <summary>UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Name => _headers.Name;

    /// <summary>Empty when null. Of an attribute without what is stored of its type.</summary>
    public readonly ReadOnlySpan<byte> Value
    {
        get
        {
            ReadOnlySpan<byte> value = _headers.Value;
            if (_typed.Contains((byte)_attribute)) StoredAttribute.Read(ref value, out _);
            return value;
        }
    }

    /// <summary>No value, as opposed to an empty one.</summary>
    public readonly bool ValueIsNull => _headers.ValueIsNull;

    /// <summary>Goes to the next header; false at the end.</summary>
    public bool MoveNext()
    {
        while (_headers.MoveNext())
        {
            if (!_headers.Name.StartsWith(StoredHeaders.ReservedPrefix))
            {
                _attribute++;
                return true;
            }

            if (_headers.Name.SequenceEqual(StoredHeaders.AttributeTypes)) _typed = _headers.Value;
        }

        return false;
    }
}
