using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Messaging.Broker.Messages;

/// <summary>
/// 16 bytes that look like a UUID: (stream id, offset) as one block under a key of the server, so that nothing is stored
/// for it and nobody can count messages by it. A value.
/// </summary>
public readonly record struct MessageId
{
    /// <summary>Characters of the text form, as UTF-8 or UTF-16.</summary>
    public const int TextLength = 36;

    /// <summary>Bytes of one.</summary>
    internal const int Bytes = 16;

    private readonly Guid _value;

    internal MessageId(ReadOnlySpan<byte> block) => _value = new Guid(block, bigEndian: true);

    private MessageId(Guid value) => _value = value;

    /// <summary>Writes 8-4-4-4-12 lower-case hexadecimal digits.</summary>
    public bool TryFormat(Span<byte> utf8, out int written) => _value.TryFormat(utf8, out written, "D");

    /// <summary>False for what has not the text form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out MessageId id)
    {
        Span<char> text = stackalloc char[TextLength];
        id = default;
        if (utf8.Length != TextLength || !Ascii.IsValid(utf8)) return false;
        Encoding.ASCII.GetChars(utf8, text);
        return TryParse(text, out id);
    }

    /// <summary>False for what has not the text form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id) => TryParse(text.AsSpan(), out id);

    /// <summary>False for what has not the text form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        bool legal = Guid.TryParseExact(text, "D", out Guid value);
        id = new MessageId(value);
        return legal;
    }

    /// <inheritdoc/>
    public override string ToString() => _value.ToString("D");

    internal bool TryCopyTo(Span<byte> block) => _value.TryWriteBytes(block, bigEndian: true, out _);
}
