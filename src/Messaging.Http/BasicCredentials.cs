using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Access;
using Microsoft.Extensions.Primitives;

namespace Messaging.Http;

/// <summary>
/// HTTP Basic (RFC 7617) with an access key's id as the user and its secret as the password. One for the process, thread-safe. Hot path.
/// </summary>
public sealed class BasicCredentials(AccessKeyRing ring)
{
    private const string Scheme = "Basic ";

    /// <summary>The key whose secret the header Authorization has; null for every other header.</summary>
    public AccessKey? Find(StringValues headers)
    {
        if (headers.Count != 1 || headers[0] is not { Length: <= HttpLimits.BasicCharactersMax } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> decoded = stackalloc byte[HttpLimits.BasicCharactersMax];
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
        Span<byte> secret = stackalloc byte[HttpLimits.BasicCharactersMax];
        int length = key is null ? password.Length : Encoding.UTF8.GetBytes(key.Secret, secret);
        if (key is null)
        {
            password.CopyTo(secret);
            secret[..length].Reverse();
        }
        return CryptographicOperations.FixedTimeEquals(password, secret[..length]) && key is not null;
    }
}
