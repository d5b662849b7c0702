using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Access;

namespace Messaging.Aws.Auth;

/// <summary>
/// What signs all requests of one access key on one day in one region to one service, and who they come from. Immutable; never logged.
/// Source: IAM User Guide, "Create a signed AWS API request", step 4.
/// </summary>
internal sealed class SigningKey
{
    private readonly byte[] _bytes;

    public SigningKey(AccessKey key, in CredentialScope scope)
    {
        Key = key;
        Caller = new Caller(key.Account, key.Id, scope.Region.ToString());
        byte[] date = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + key.Secret), Bytes(scope.Date));
        byte[] region = HMACSHA256.HashData(date, Bytes(scope.Region));
        byte[] service = HMACSHA256.HashData(region, Bytes(scope.Service));
        _bytes = HMACSHA256.HashData(service, Bytes(CredentialScope.Terminator));
    }

    public AccessKey Key { get; }

    public Caller Caller { get; }

    public ReadOnlySpan<byte> Span => _bytes;

    private static byte[] Bytes(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text.ToString());
}
