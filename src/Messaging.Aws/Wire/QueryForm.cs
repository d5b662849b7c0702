using System.Buffers;
using System.Globalization;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Wire;

/// <summary>One parameter of the Query protocol, decoded.</summary>
internal readonly record struct QueryPair(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value);

/// <summary>
/// The parameters of a request in the Query protocol, out of a query string, a form, or both, in the order of their names with numbers as numbers: what belongs together stands together,
/// so that <see cref="QueryMembers"/> can walk through it. Owned by the request. Not thread-safe.
/// </summary>
internal sealed class QueryForm(Scratch scratch) : IDisposable
{
    private QueryPair[] _pairs = ArrayPool<QueryPair>.Shared.Rent(32);

    public int Count { get; private set; }

    public ReadOnlySpan<QueryPair> Pairs => _pairs.AsSpan(0, Count);

    /// <summary>Adds what application/x-www-form-urlencoded bytes say (WHATWG URL, "application/x-www-form-urlencoded parsing"); what is wrong with them, or null.</summary>
    public AwsError? Add(ReadOnlyMemory<byte> encoded)
    {
        while (!encoded.IsEmpty)
        {
            int end = encoded.Span.IndexOf((byte)'&');
            ReadOnlyMemory<byte> pair = end < 0 ? encoded : encoded[..end];
            encoded = end < 0 ? default : encoded[(end + 1)..];
            if (pair.IsEmpty)
                continue;
            if (Count == AwsLimits.ParametersMax)
                return Malformed(string.Create(CultureInfo.InvariantCulture, $"A call has at most {AwsLimits.ParametersMax} parameters."));
            int equals = pair.Span.IndexOf((byte)'=');
            if (!TryDecode(equals < 0 ? pair : pair[..equals], out ReadOnlyMemory<byte> name)
                || !TryDecode(equals < 0 ? default : pair[(equals + 1)..], out ReadOnlyMemory<byte> value))
                return Malformed("The parameters are not form-encoded UTF-8.");
            Append(new QueryPair(name, value));
        }
        return null;
    }

    /// <summary>Once all is added. A name that stands there twice is refused.</summary>
    public AwsError? Sort()
    {
        Span<QueryPair> pairs = _pairs.AsSpan(0, Count);
        pairs.Sort(static (left, right) => QueryNames.Compare(left.Name.Span, right.Name.Span));
        for (int index = 1; index < pairs.Length; index++)
        {
            if (QueryNames.Compare(pairs[index - 1].Name.Span, pairs[index].Name.Span) == 0)
                return Malformed("A parameter stands there twice.");
        }
        return null;
    }

    /// <summary>The value of a parameter of the top level; false where there is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        foreach (ref readonly QueryPair pair in Pairs)
        {
            value = pair.Value;
            if (pair.Name.Span.SequenceEqual(name))
                return true;
        }
        value = default;
        return false;
    }

    public void Dispose()
    {
        ArrayPool<QueryPair>.Shared.Return(_pairs, clearArray: true);
        (_pairs, Count) = ([], 0);
    }

    private void Append(QueryPair pair)
    {
        if (Count == _pairs.Length)
        {
            QueryPair[] larger = ArrayPool<QueryPair>.Shared.Rent(2 * Count);
            Pairs.CopyTo(larger);
            ArrayPool<QueryPair>.Shared.Return(_pairs, clearArray: true);
            _pairs = larger;
        }
        _pairs[Count++] = pair;
    }

    private bool TryDecode(ReadOnlyMemory<byte> encoded, out ReadOnlyMemory<byte> plain)
    {
        plain = encoded;
        if (encoded.Span.IndexOfAny((byte)'%', (byte)'+') >= 0)
        {
            Memory<byte> decoded = scratch.Take(encoded.Length);
            if (!FormEncoding.TryDecode(encoded.Span, decoded.Span, out int written))
                return false;
            plain = decoded[..written];
        }
        return System.Text.Unicode.Utf8.IsValid(plain.Span);
    }

    private static AwsError Malformed(string message) => new(AwsErrorCode.MalformedRequest, message);
}
