using System.Text.Json;
using System.Text.Unicode;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Wire;

/// <summary>
/// The members of a request in AWS JSON 1.0 (Smithy, "AWS JSON 1.0 protocol"). A value that is not escaped is a slice of the body. A member of a structure that stands there twice is refused, which parsers that
/// take the first or the last one would disagree about. Lives on the stack of one parse. Hot path.
/// </summary>
internal ref struct JsonMembers : IMembers
{
    /// <summary>The deepest structure that this front knows has 5 levels; what is unknown may nest a little further.</summary>
    private const int DepthMax = 32;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Scratch _scratch;
    private Utf8JsonReader _reader;
    private int _items;

    public JsonMembers(ReadOnlyMemory<byte> body, Scratch scratch)
    {
        (_body, _scratch) = (body, scratch);
        _reader = new Utf8JsonReader(body.Span, Options);
        // The reader does not look into strings, so this is the one check that keeps foreign bytes out of texts.
        if (!Utf8.IsValid(body.Span))
            Fail("The body is not valid UTF-8.");
        else if (!Read() || _reader.TokenType != JsonTokenType.StartObject)
            Fail("The body must be a JSON object.");
    }

    public AwsError? Fault { get; private set; }

    public int Next(MemberTable table, ref uint seen)
    {
        while (Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            int member = Find(table);
            if (!Read())
                break;
            if (member == MemberTable.End || _reader.TokenType == JsonTokenType.Null)
            {
                Skip();
                continue;
            }
            uint bit = 1u << member;
            if ((seen & bit) != 0)
                Fail($"The member {table.Names[member]} stands there twice.");
            seen |= bit;
            return Fault is null ? member : MemberTable.End;
        }
        return MemberTable.End;
    }

    /// <summary>Behind the last member: nothing but white space may follow.</summary>
    public void EndBody() => Read();

    public void BeginStructure() => Require(JsonTokenType.StartObject, "a structure");

    public void BeginList() => Require(JsonTokenType.StartArray, "a list");

    public bool NextItem()
    {
        if (!Read() || _reader.TokenType == JsonTokenType.EndArray)
            return false;
        Count();
        if (_reader.TokenType == JsonTokenType.Null)
            Fail("A list has no null in it.");
        return Fault is null;
    }

    public void BeginMap() => Require(JsonTokenType.StartObject, "a map");

    public bool NextEntry(out ReadOnlyMemory<byte> key)
    {
        key = default;
        while (Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            Count();
            key = Unescaped();
            if (!Read())
                return false;
            if (_reader.TokenType != JsonTokenType.Null)
                return Fault is null;
        }
        return false;
    }

    public ReadOnlyMemory<byte> Text()
    {
        Require(JsonTokenType.String, "a string");
        return Fault is null ? Unescaped() : default;
    }

    public int Integer()
    {
        Require(JsonTokenType.Number, "a number");
        if (Fault is not null)
            return 0;
        if (_reader.TryGetInt32(out int value))
            return value;
        Fail("A number is not a whole one of 32 bits.");
        return 0;
    }

    public ReadOnlyMemory<byte> Blob()
    {
        ReadOnlyMemory<byte> text = Text();
        if (Fault is not null)
            return default;
        if (Base64Text.TryDecode(text.Span, _scratch, out ReadOnlyMemory<byte> bytes))
            return bytes;
        Fail("A blob is not base64 with padding.");
        return default;
    }

    public void Skip()
    {
        try
        {
            if (Fault is null)
                _reader.Skip();
        }
        catch (JsonException exception)
        {
            FailMalformed(exception);
        }
    }

    // False when the body has ended or is broken: then there is a fault, or nothing more.
    private bool Read()
    {
        if (Fault is not null)
            return false;
        try
        {
            return _reader.Read();
        }
        catch (JsonException exception)
        {
            FailMalformed(exception);
            return false;
        }
    }

    private int Find(MemberTable table)
    {
        if (!_reader.ValueIsEscaped)
            return table.Find(_reader.ValueSpan);
        return table.Find(Unescaped().Span);
    }

    // Each of them becomes an object, before anybody knows whether the caller may ask for anything.
    private void Count()
    {
        if (++_items > AwsLimits.ParametersMax)
            Fail($"A call has at most {AwsLimits.ParametersMax} items of lists and maps.");
    }

    private void Require(JsonTokenType type, string what)
    {
        if (Fault is null && _reader.TokenType != type)
            Fail($"A member is not {what}, which it must be.");
    }

    private ReadOnlyMemory<byte> Unescaped()
    {
        int length = _reader.ValueSpan.Length;
        if (!_reader.ValueIsEscaped)
            return _body.Slice((int)_reader.TokenStartIndex + 1, length);
        Memory<byte> plain = _scratch.Take(length);
        try
        {
            return plain[.._reader.CopyString(plain.Span)];
        }
        catch (InvalidOperationException)
        {
            // The reader knows no other way to tell of "\ud800" alone.
            Fail("A string has an escape that is half of a surrogate pair.");
            return default;
        }
    }

    private void FailMalformed(JsonException exception) =>
        Fail($"The body is not well-formed JSON, or is nested too deep, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");

    private void Fail(string message) => Fault ??= new AwsError(AwsErrorCode.MalformedRequest, message);
}
