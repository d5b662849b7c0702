using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Messaging.Broker.Groups;

/// <summary>
/// What the broker calls a member of a consumer group: 16 bytes of chance, as text 22 characters of base64url, the form of Kafka's own ids. A value.
/// </summary>
public readonly record struct MemberId : IComparable<MemberId>
{
    internal const int Bytes = 16;

    private const int TextLength = 22;

    private readonly UInt128 _value;

    internal MemberId(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

    /// <summary>False for what can't be a member's id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemberId value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text is not { Length: TextLength } || !Base64Url.IsValid(text, out int length) || length != Bytes) return false;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out int written) || written != Bytes) return false;
        value = new MemberId(bytes);
        // The last character has bits to spare: an id has one text.
        return value.ToString() == text;
    }

    /// <inheritdoc/>
    public int CompareTo(MemberId other) => _value.CompareTo(other._value);

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>One that nobody can guess.</summary>
    internal static MemberId Mint()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return new MemberId(bytes);
    }

    internal void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>Earlier.</summary>
    public static bool operator <(MemberId left, MemberId right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(MemberId left, MemberId right) => left.CompareTo(right) > 0;

    /// <summary>Earlier or the same.</summary>
    public static bool operator <=(MemberId left, MemberId right) => left.CompareTo(right) <= 0;

    /// <summary>Later or the same.</summary>
    public static bool operator >=(MemberId left, MemberId right) => left.CompareTo(right) >= 0;
}
