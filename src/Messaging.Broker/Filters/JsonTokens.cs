using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Messaging.Broker.Filters;

/// <summary>
/// Goes over JSON once, token by token, with texts unescaped, and without allocating. Malformed is also what is no UTF-8 and what escapes half of a surrogate
/// pair, wherever it stands. Owned by one caller on its stack, who disposes it; hot path.
/// </summary>
internal ref struct JsonTokens
{
    /// <summary>What the scratch memory should have: longer texts that are escaped, which are rare, rent theirs.</summary>
    public const int ScratchBytes = 256;

    private readonly Span<byte> _scratch;
    private readonly bool _isUtf8;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _text;
    private byte[]? _rented;

    public JsonTokens(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        _scratch = scratch;
        _isUtf8 = Utf8.IsValid(json);
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = FilterLimits.JsonDepthMax });
    }

    /// <summary>The name or the text of the last step, until the next one.</summary>
    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>The value of the last step, which was a scalar, until the next one.</summary>
    public readonly Scalar Value => _reader.TokenType switch
    {
        JsonTokenType.String => Scalar.OfText(_text),
        JsonTokenType.Number => Scalar.OfNumber(FilterNumber.OfJson(_reader.ValueSpan)),
        JsonTokenType.True => Scalar.OfBoolean(true),
        JsonTokenType.False => Scalar.OfBoolean(false),
        _ => Scalar.Null,
    };

    /// <summary>Whether the text is sound JSON, and what it begins with.</summary>
    public static bool IsSound(ReadOnlySpan<byte> json, out JsonStep first)
    {
        using var tokens = new JsonTokens(json, stackalloc byte[ScratchBytes]);
        first = tokens.Read();
        JsonStep step = first;
        while (step is not (JsonStep.End or JsonStep.Malformed))
            step = tokens.Read();
        return step == JsonStep.End;
    }

    public JsonStep Read()
    {
        if (!_isUtf8)
            return JsonStep.Malformed;
        try
        {
            if (!_reader.Read())
                return JsonStep.End;
            if (_reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                _text = _reader.ValueIsEscaped ? Unescape() : _reader.ValueSpan;
        }
        // The second is what half of a surrogate pair throws.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return JsonStep.Malformed;
        }
        return _reader.TokenType switch
        {
            JsonTokenType.PropertyName => JsonStep.Name,
            JsonTokenType.StartObject => JsonStep.OpenObject,
            JsonTokenType.StartArray => JsonStep.OpenArray,
            JsonTokenType.EndObject or JsonTokenType.EndArray => JsonStep.Close,
            _ => JsonStep.Scalar,
        };
    }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }

    private ReadOnlySpan<byte> Unescape()
    {
        // Unescaped, a text is never longer.
        int bytesMax = _reader.ValueSpan.Length;
        if (bytesMax <= _scratch.Length)
            return _scratch[.._reader.CopyString(_scratch)];
        if (_rented is null || _rented.Length < bytesMax)
        {
            Dispose();
            _rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        }
        return _rented.AsSpan(0, _reader.CopyString(_rented));
    }
}
