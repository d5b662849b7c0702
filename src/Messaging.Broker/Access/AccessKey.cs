using Messaging.Broker.Names;

namespace Messaging.Broker.Access;

/// <summary>
/// What a client proves itself with: an id that it says, a secret that it signs with or sends, and the account that it then acts for. Immutable.
/// Never a record: its text would show the secret.
/// </summary>
public sealed class AccessKey(string id, string secret, AccountId account)
{
    public string Id { get; } = id;

    /// <summary>In plain text, since a signature can only be checked with it. It is never logged.</summary>
    public string Secret { get; } = secret;

    public AccountId Account { get; } = account;

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
