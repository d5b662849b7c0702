using System.Security.Cryptography;
using Messaging.Broker.Access;
using Messaging.Broker.Names;

namespace Messaging.Aws.Auth;

/// <summary>The keys that sign, each worked out once and kept. One for the process, thread-safe. Hot path.</summary>
internal sealed class SigningKeys(Func<string, AccessKey?> keys)
{
    private const int DecoySecretCharacters = 40;

    private readonly CredentialCache<SigningKey> _kept = new(AwsLimits.CredentialsKept);

    // Signs for the keys that nobody has, so that they cost what others cost; nobody's signature can match it.
    private readonly AccessKey _decoy = new("", RandomNumberGenerator.GetHexString(DecoySecretCharacters), AccountId.Default);

    /// <summary>
    /// Of an access key that there is at this moment, with this secret; false: of none, with a key that matches no signature.
    /// </summary>
    public bool TryGet(ReadOnlySpan<char> credential, in CredentialScope scope, out SigningKey key)
    {
        if (_kept.Find(credential) is { } kept)
        {
            key = kept;
            AccessKey? current = keys(kept.Key.Id);
            if (ReferenceEquals(current, kept.Key))
                return true;
        }
        AccessKey? known = keys(scope.AccessKeyId.ToString());
        key = new SigningKey(known ?? _decoy, scope);
        return known is not null;
    }

    /// <summary>Keeps one whose signature was right: who has no secret can't fill the memory.</summary>
    public void Keep(ReadOnlySpan<char> credential, SigningKey key)
    {
        if (!ReferenceEquals(_kept.Find(credential), key))
            _kept.Keep(credential, key);
    }
}
