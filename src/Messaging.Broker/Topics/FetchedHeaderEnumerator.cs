using Messaging.Broker.Messages;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>The headers of one fetched record, without the broker's own. In place.</summary>
public ref struct FetchedHeaderEnumerator
{
    private RecordHeaderEnumerator _headers;

    internal FetchedHeaderEnumerator(RecordHeaderEnumerator headers) => _headers = headers;

    /// <summary>UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Name => _headers.Name;

    /// <summary>Empty when null.</summary>
    public readonly ReadOnlySpan<byte> Value => _headers.Value;

    /// <summary>No value, as opposed to an empty one.</summary>
    public readonly bool ValueIsNull => _headers.ValueIsNull;

    /// <summary>Goes to the next header; false at the end.</summary>
    public bool MoveNext()
    {
        while (_headers.MoveNext())
        {
            if (!_headers.Name.StartsWith(StoredHeaders.ReservedPrefix)) return true;
        }

        return false;
    }
}
