using System.Text;
using System.Text.Unicode;

namespace Messaging.Broker.Envelopes;

/// <summary>Texts of the documents as UTF-8. Pure. Hot path.</summary>
internal static class Utf8Text
{
    /// <summary>Characters of a time as SNS writes it.</summary>
    public const int TimeLength = 24;

    /// <summary>Digits of a sequence number; SNS's have twenty.</summary>
    public const int SequenceDigits = 20;

    /// <summary>The same memory where it is UTF-8, which is what publishers send; else a copy with U+FFFD for what is not.</summary>
    public static ReadOnlyMemory<byte> Sound(ReadOnlyMemory<byte> text) =>
        Utf8.IsValid(text.Span) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text.Span));

    /// <summary>"2012-05-02T00:54:06.655Z".</summary>
    public static ReadOnlySpan<byte> Time(long unixMs, Span<byte> buffer)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).TryFormat(buffer, out int written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return buffer[..written];
    }

    public static ReadOnlySpan<byte> Sequence(long sequence, Span<byte> buffer)
    {
        sequence.TryFormat(buffer, out int written, "D20");
        return buffer[..written];
    }

    public static ReadOnlySpan<byte> Version(SignatureVersion version) => version switch
    {
        SignatureVersion.Sha1 => "1"u8,
        SignatureVersion.Sha256 => "2"u8,
    };
}
