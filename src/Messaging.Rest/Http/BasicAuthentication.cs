using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Access;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>
/// HTTP Basic (RFC 7617) with an access key's id as the user and its secret as the password, on every call of this front in closed mode. One for the process,
/// thread-safe. Hot path.
/// </summary>
internal sealed class BasicAuthentication(AccessKeyRing ring, BrokerGate gate)
{
    private const string Scheme = "Basic ";
    private const string Challenge = "Basic realm=\"messaging\", charset=\"UTF-8\"";

    private static readonly Problem Unauthorized = Problem.Of(
        FrontCode.Unauthorized, "The call needs an access key: its id as the user and its secret as the password of HTTP Basic.", "Authorization");

    /// <summary>Null for who has a key, whose account is the call's from here on.</summary>
    public Problem? Check(HttpContext context)
    {
        // Before that nobody knows which keys there are.
        if (gate.Broker is null)
            return Front.Starting;
        if (Find(context.Request.Headers.Authorization) is { } key)
        {
            CallAccount.Set(context, key);
            return null;
        }
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Unauthorized;
    }

    /// <summary>The key whose secret the header has; null for every other header.</summary>
    internal AccessKey? Find(StringValues headers)
    {
        if (headers.Count != 1 || headers[0] is not { Length: <= RestLimits.BasicCharactersMax } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> decoded = stackalloc byte[RestLimits.BasicCharactersMax];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(' '), decoded, out int length))
            return null;
        ReadOnlySpan<byte> pair = decoded[..length];
        int colon = pair.IndexOf((byte)':');
        if (colon < 0)
            return null;
        ReadOnlySpan<byte> password = pair[(colon + 1)..];
        AccessKey? key = ring.Find(Encoding.UTF8.GetString(pair[..colon]));
        return Matches(password, key) ? key : null;
    }

    // Who has no such key takes as long: the password is then compared with itself, turned round.
    private static bool Matches(ReadOnlySpan<byte> password, AccessKey? key)
    {
        Span<byte> secret = stackalloc byte[RestLimits.BasicCharactersMax];
        int length = key is null ? password.Length : Encoding.UTF8.GetBytes(key.Secret, secret);
        if (key is null)
        {
            password.CopyTo(secret);
            secret[..length].Reverse();
        }
        return CryptographicOperations.FixedTimeEquals(password, secret[..length]) && key is not null;
    }
}
