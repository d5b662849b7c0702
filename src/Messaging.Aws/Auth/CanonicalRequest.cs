using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Auth;

/// <summary>
/// A request in the one form that both sides sign. Source: IAM User Guide, "Create a signed AWS API request", steps 1 to 3. Sans-I/O; hot path.
/// </summary>
internal static class CanonicalRequest
{
    private const int BytesOnStack = 2048;

    // "AWS4-HMAC-SHA256", a time, the scope, the hash, and line feeds.
    private const int StringToSignBytes = 16 + SignatureTime.Characters + AwsLimits.CredentialCharactersMax * 3 + ContentHash.HexCharacters + 3;

    /// <summary>Its SHA-256.</summary>
    public static void Hash(
        string method, RequestTarget target, IHeaderDictionary headers, in SignatureFields fields, ReadOnlySpan<byte> contentHash, Span<byte> hash)
    {
        var writer = new ByteWriter(stackalloc byte[BytesOnStack]);
        try
        {
            writer.Append(method);
            writer.Append((byte)'\n');
            CanonicalPath.Write(ref writer, target.Path);
            writer.Append((byte)'\n');
            CanonicalQuery.Write(ref writer, target.Query, withoutSignature: fields.IsPresigned);
            writer.Append((byte)'\n');
            SignedHeaderList.WriteHeaders(ref writer, fields.SignedHeaders, headers);
            writer.Append((byte)'\n');
            writer.Append(fields.SignedHeaders);
            writer.Append((byte)'\n');
            writer.Append(contentHash);
            SHA256.HashData(writer.Written, hash);
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The signature that it must have.</summary>
    public static void Sign(ReadOnlySpan<byte> signingKey, ReadOnlySpan<char> timestamp, ReadOnlySpan<char> scope, ReadOnlySpan<byte> requestHash, Span<byte> signature)
    {
        var writer = new ByteWriter(stackalloc byte[StringToSignBytes]);
        writer.Append("AWS4-HMAC-SHA256\n"u8);
        writer.Append(timestamp);
        writer.Append((byte)'\n');
        writer.Append(scope);
        writer.Append((byte)'\n');
        Span<byte> hex = stackalloc byte[ContentHash.HexCharacters];
        Convert.TryToHexStringLower(requestHash, hex, out _);
        writer.Append(hex);
        HMACSHA256.HashData(signingKey, writer.Written, signature);
        writer.Dispose();
    }
}
