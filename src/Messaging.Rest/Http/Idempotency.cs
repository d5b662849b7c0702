using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>
/// The header Idempotency-Key, and what a request asks as a fingerprint: its operation, the headers that say something of it, and its body's bytes. Who repeats
/// a request sends the same ones; a time in it counts as it stands there.
/// </summary>
internal static class Idempotency
{
    public static Problem? Read(IHeaderDictionary headers, out IdempotencyKey? key)
    {
        key = null;
        if (!headers.TryGetValue(RequestHeaders.IdempotencyKey, out StringValues values))
            return null;
        if (values.Count != 1)
            return Problem.Of(FrontCode.DuplicateField, "The header may stand there only once.", RequestHeaders.IdempotencyKey);
        if (!IdempotencyKey.TryParse(values[0], out IdempotencyKey parsed))
            return Problem.Invalid(RequestHeaders.IdempotencyKey, $"Must be 1 to {BrokerLimits.IdempotencyKeyBytesMax} visible characters of ASCII, without spaces.");
        key = parsed;
        return null;
    }

    /// <summary>Null without a key.</summary>
    public static IdempotentRequest? Request(IdempotencyKey? key, string operation, ReadOnlySpan<byte> body, HttpRequest? headersOf = null)
    {
        if (key is not { } given)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, operation);
        if (headersOf is not null)
            Append(hash, headersOf);
        hash.AppendData(body);
        return new IdempotentRequest(given, hash.GetCurrentHash());
    }

    private static void Append(IncrementalHash hash, HttpRequest request)
    {
        Append(hash, request.ContentType ?? "");
        foreach ((string name, StringValues values) in request.Headers
            .Where(header => header.Key.StartsWith(MessageHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            Append(hash, name.ToUpperInvariant());
            Append(hash, values.ToString());
        }
        // No name is empty: here the body begins.
        Append(hash, "");
    }

    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
