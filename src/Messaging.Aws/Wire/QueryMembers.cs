using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Wire;

/// <summary>
/// The members of a request in the Query protocol, out of a sorted <see cref="QueryForm"/>: "Attribute.1.Name" is the name of the first entry of a map. Each step cuts the range of
/// parameters that begin alike. Lives on the stack of one parse.
/// </summary>
internal ref struct QueryMembers : IMembers
{
    private readonly ReadOnlySpan<QueryPair> _pairs;
    private readonly Scratch _scratch;
    private readonly bool _isWrapped;
    private Scopes _scopes;
    private int _depth;

    /// <summary>The value that was stepped to.</summary>
    private Range _value;

    /// <param name="form">Sorted.</param>
    /// <param name="scratch">Memory of the request.</param>
    /// <param name="isWrapped">Lists are "Names.member.1" and maps "Names.entry.1", as with Amazon SNS, and members have the names of the model; else both are "Name.1".</param>
    public QueryMembers(QueryForm form, Scratch scratch, bool isWrapped = false)
    {
        _pairs = form.Pairs;
        _scratch = scratch;
        _isWrapped = isWrapped;
        _scopes[0] = new Range(0, form.Count, 0);
    }

    public AwsError? Fault { get; private set; }

    public int Next(MemberTable table, ref uint seen)
    {
        while (NextGroup(out ReadOnlySpan<byte> segment))
        {
            int member = table.Find(_isWrapped ? segment : QueryNames.ToMember(segment));
            if (member == MemberTable.End)
                continue;
            uint bit = 1u << member;
            if ((seen & bit) != 0)
                Fail($"The parameter {table.Names[member]} stands there twice, by two of its names.");
            seen |= bit;
            return Fault is null ? member : MemberTable.End;
        }
        End();
        return MemberTable.End;
    }

    public void BeginStructure() => Enter();

    public void BeginList() => Enter("member"u8);

    public void BeginMap() => Enter("entry"u8);

    public bool NextItem()
    {
        if (!NextGroup(out ReadOnlySpan<byte> segment))
        {
            End();
            return false;
        }
        if (!QueryNames.TryNumber(segment, out _))
            Fail("An item of a list has a number behind the list's name.");
        return Fault is null;
    }

    public bool NextEntry(out ReadOnlyMemory<byte> key)
    {
        key = default;
        if (!NextItem())
            return false;
        Enter();
        Range value = default;
        bool hasKey = false;
        while (NextGroup(out ReadOnlySpan<byte> segment))
        {
            if (segment.SequenceEqual("Value"u8) || segment.SequenceEqual("value"u8))
            {
                value = _value;
                continue;
            }
            if (!segment.SequenceEqual("Name"u8) && !segment.SequenceEqual("Key"u8) && !segment.SequenceEqual("key"u8))
                continue;
            key = Text();
            hasKey = true;
        }
        End();
        if (!hasKey)
            Fail("An entry of a map has no name.");
        _value = value;
        return Fault is null;
    }

    public ReadOnlyMemory<byte> Text()
    {
        if (Fault is not null)
            return default;
        if (_value.End - _value.Start == 1 && _value.IsLeaf(_pairs))
            return _pairs[_value.Start].Value;
        Fail("A parameter has no value where it must have one, or several where it must have one.");
        return default;
    }

    public int Integer()
    {
        ReadOnlyMemory<byte> text = Text();
        if (Fault is not null)
            return 0;
        if (Utf8Parser.TryParse(text.Span, out int value, out int consumed) && consumed == text.Length)
            return value;
        Fail("A parameter is not a whole number of 32 bits.");
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
        // The next step begins behind it anyhow.
    }

    // The parameters of the scope that begin with the same word become the value; the scope goes on behind them.
    private bool NextGroup(out ReadOnlySpan<byte> segment)
    {
        segment = default;
        ref Range scope = ref _scopes[_depth];
        if (Fault is not null || scope.Start == scope.End)
            return false;
        segment = QueryNames.Segment(_pairs[scope.Start].Name.Span[scope.Prefix..]);
        int end = scope.Start + 1;
        while (end < scope.End && QueryNames.Segment(_pairs[end].Name.Span[scope.Prefix..]).SequenceEqual(segment))
            end++;
        _value = new Range(scope.Start, end, scope.Prefix + segment.Length + 1);
        scope = scope with { Start = end };
        return true;
    }

    private void Enter()
    {
        if (Fault is not null)
            return;
        // An empty list is sent as its name alone.
        if (_value.Start < _value.End && _value.IsLeaf(_pairs))
        {
            if (_value.End - _value.Start > 1 || !_pairs[_value.Start].Value.IsEmpty)
                Fail("A parameter has a value where members of it must follow.");
            _value = default;
        }
        if (_depth + 1 == Scopes.Length)
            Fail("The parameters are nested too deep.");
        else
            _scopes[++_depth] = _value;
    }

    // Past the word between a list and its numbers.
    private void Enter(ReadOnlySpan<byte> word)
    {
        Enter();
        ref Range scope = ref _scopes[_depth];
        if (!_isWrapped || Fault is not null || scope.Start == scope.End)
            return;
        for (int index = scope.Start; index < scope.End; index++)
        {
            ReadOnlySpan<byte> rest = _pairs[index].Name.Span[scope.Prefix..];
            if (rest.Length > word.Length && QueryNames.Segment(rest).SequenceEqual(word))
                continue;
            Fail($"Items of a list or a map have \".{System.Text.Encoding.ASCII.GetString(word)}.\" and a number behind its name.");
            return;
        }
        scope = scope with { Prefix = scope.Prefix + word.Length + 1 };
    }

    private void End() => _depth = Math.Max(0, _depth - 1);

    private void Fail(string message) => Fault ??= new AwsError(AwsErrorCode.MalformedRequest, message);

    /// <summary>Parameters that begin alike, for so many bytes, the dot behind them included.</summary>
    private readonly record struct Range(int Start, int End, int Prefix)
    {
        /// <summary>Its only parameter's name ends here.</summary>
        public bool IsLeaf(ReadOnlySpan<QueryPair> pairs) => pairs[Start].Name.Length < Prefix;
    }

    [InlineArray(Length)]
    private struct Scopes
    {
        public const int Length = 8;

        private Range _first;
    }
}
