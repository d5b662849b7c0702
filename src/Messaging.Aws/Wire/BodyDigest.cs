using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Messaging.Aws.Wire;

/// <summary>An MD5 as 32 hexadecimal digits, the contract's check against accidents. Pure. Hot path.</summary>
internal static class BodyDigest
{
    public const int TextLength = 2 * MD5.HashSizeInBytes;

    [SuppressMessage("Security", "CA5351", Justification = "The contract's, and no secret depends on it.")]
    public static void Write(ReadOnlySpan<byte> content, Span<byte> hexadecimal)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(content, hash);
        Convert.TryToHexStringLower(hash, hexadecimal, out _);
    }
}
