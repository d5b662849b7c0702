using System.Buffers;
using Messaging.Broker.Names;

namespace Messaging.Broker.Access;

/// <summary>
/// What a client proves itself with: an id that it says, a secret that it signs with or sends, and the account that it then acts for. Immutable.
/// Never a record: its text would show the secret.
/// </summary>
public sealed class AccessKey(string id, string secret, AccountId account)
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public string Id { get; } = id;

    /// <summary>In plain text, since a signature can only be checked with it. It is never logged.</summary>
    public string Secret { get; } = secret;

    public AccountId Account { get; } = account;

    /// <summary>16 to 128 letters, digits and underscores of ASCII (IAM API Reference, "AccessKey").</summary>
    public static bool IsLegalId(string id) =>
        id.Length is >= BrokerLimits.AccessKeyIdCharactersMin and <= BrokerLimits.AccessKeyIdCharactersMax && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>16 to 128 visible characters of ASCII: what every client can send, and nobody guesses.</summary>
    public static bool IsLegalSecret(string secret) =>
        secret.Length is >= BrokerLimits.SecretCharactersMin and <= BrokerLimits.SecretCharactersMax && !secret.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
