using System.Security.Cryptography;
using Messaging.Aws.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Auth;

/// <summary>
/// The hash of the body as it is signed: always that of the body that came. A header with another one is refused, and so is one that says that
/// the body is not signed, unless there is none. Sans-I/O; hot path.
/// </summary>
internal static class ContentHash
{
    public const int HexCharacters = 2 * SHA256.HashSizeInBytes;

    private const string Name = "x-amz-content-sha256";
    private const string Unsigned = "UNSIGNED-PAYLOAD";

    /// <summary>Writes it; <paramref name="mayBeUnsigned"/>: the request is a presigned GET.</summary>
    public static AwsError? Write(Span<byte> text, IHeaderDictionary headers, ReadOnlySpan<byte> body, bool mayBeUnsigned, out int length)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash, text, out length);
        if (!headers.TryGetValue(Name, out StringValues values))
            return null;
        ReadOnlySpan<char> claimed = values.Count == 1 ? values[0] : default;
        if (claimed is Unsigned && mayBeUnsigned && body.IsEmpty)
        {
            "UNSIGNED-PAYLOAD"u8.CopyTo(text);
            length = Unsigned.Length;
            return null;
        }
        if (claimed.Length != HexCharacters)
            return AuthenticationErrors.UnsignedContent;
        Span<byte> claimedHash = stackalloc byte[SHA256.HashSizeInBytes];
        bool isHash = Convert.FromHexString(claimed, claimedHash, out _, out _) == System.Buffers.OperationStatus.Done;
        return isHash && claimedHash.SequenceEqual(hash) ? null : AuthenticationErrors.WrongContentHash;
    }
}
