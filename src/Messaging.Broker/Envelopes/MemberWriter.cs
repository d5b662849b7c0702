using System.Buffers;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// Writes the members of one JSON object, in SNS's two layouts: a line each with spaces around the colon, as queues and endpoints get documents, or all in one line, as functions do. Hot path.
/// </summary>
internal ref struct MemberWriter(IBufferWriter<byte> output, bool inLines)
{
    private readonly IBufferWriter<byte> _output = output;
    private readonly bool _inLines = inLines;
    private int _depth;
    private bool _hasMember;

    public void Open()
    {
        _output.Write("{"u8);
        _depth++;
        _hasMember = false;
    }

    public void Close()
    {
        _depth--;
        NewLine();
        _output.Write("}"u8);
        _hasMember = true;
    }

    public void Name(scoped ReadOnlySpan<byte> name)
    {
        BeginName();
        JsonText.Write(_output, name);
        EndName();
    }

    public void Name(scoped ReadOnlySpan<char> name)
    {
        BeginName();
        JsonText.Write(_output, name);
        EndName();
    }

    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Name(name);
        _output.Write("\""u8);
        JsonText.Write(_output, value);
        _output.Write("\""u8);
    }

    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<char> value)
    {
        Name(name);
        _output.Write("\""u8);
        JsonText.Write(_output, value);
        _output.Write("\""u8);
    }

    public void Literal(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Name(name);
        _output.Write(value);
    }

    private void BeginName()
    {
        if (_hasMember) _output.Write(","u8);
        NewLine();
        _output.Write("\""u8);
    }

    private void EndName()
    {
        _output.Write(_inLines ? "\" : "u8 : "\":"u8);
        _hasMember = true;
    }

    private readonly void NewLine()
    {
        if (!_inLines) return;
        _output.Write("\n"u8);
        for (int level = 0; level < _depth; level++) _output.Write("  "u8);
    }
}
