using System.Buffers;
using System.Runtime.CompilerServices;

namespace Messaging.Broker.Filters;

/// <summary>
/// The texts of a body that is known to be a sound JSON object, each with its path: names joined by dots, arrays add none. Left out are paths of more than
/// <c>pathBytesMax</c> bytes. Owned by one caller on its stack, who disposes it; hot path.
/// </summary>
internal ref struct BodyLeaves
{
    // The length of a path that is longer than the longest of interest.
    private const int TooLong = -1;

    private readonly byte[] _path;
    private readonly int _pathBytesMax;
    private JsonTokens _tokens;
    private OpenLengths _open;
    private int _depth;
    private int _length;

    public BodyLeaves(ReadOnlySpan<byte> body, int pathBytesMax, Span<byte> scratch)
    {
        _tokens = new JsonTokens(body, scratch);
        _path = ArrayPool<byte>.Shared.Rent(Math.Max(1, pathBytesMax));
        _pathBytesMax = pathBytesMax;
    }

    /// <summary>Until the next move.</summary>
    public readonly ReadOnlySpan<byte> Path => _path.AsSpan(0, _length);

    /// <summary>Until the next move.</summary>
    public readonly ReadOnlySpan<byte> Text => _tokens.Text;

    public bool MoveNext()
    {
        // Behind the last text: an element's path is its array's, and a member brings a name of its own.
        if (_depth > 0)
            _length = _open[_depth - 1];
        while (true)
        {
            switch (_tokens.Read())
            {
                case JsonStep.Name:
                    Follow(_tokens.Text);
                    break;
                case JsonStep.Scalar:
                    if (_length != TooLong && _tokens.Value.Kind == ScalarKind.Text)
                        return true;
                    _length = _open[_depth - 1];
                    break;
                case JsonStep.OpenObject or JsonStep.OpenArray:
                    _open[_depth++] = _length;
                    break;
                case JsonStep.Close:
                    _depth--;
                    _length = _depth > 0 ? _open[_depth - 1] : 0;
                    break;
                case JsonStep.End or JsonStep.Malformed:
                    return false;
            }
        }
    }

    public void Dispose()
    {
        _tokens.Dispose();
        ArrayPool<byte>.Shared.Return(_path);
    }

    private void Follow(ReadOnlySpan<byte> name)
    {
        int parent = _open[_depth - 1];
        // The outermost object has no name that a dot would end.
        int start = IsOutermost() ? 0 : parent + 1;
        if (parent == TooLong || start + name.Length > _pathBytesMax)
        {
            _length = TooLong;
            return;
        }
        if (start > 0)
            _path[parent] = (byte)'.';
        name.CopyTo(_path.AsSpan(start));
        _length = start + name.Length;
    }

    private readonly bool IsOutermost() => _depth == 1;

    [InlineArray(FilterLimits.JsonDepthMax)]
    private struct OpenLengths
    {
        private int _first;
    }
}
