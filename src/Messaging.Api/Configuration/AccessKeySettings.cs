using Messaging.Broker;
using Messaging.Broker.Access;
using Messaging.Broker.Names;

namespace Messaging.Api.Configuration;

/// <summary>
/// The access key of the settings: the first one, for a container whose data folder is empty. It is not stored. Nothing here repeats a secret, or what may be one.
/// </summary>
internal static class AccessKeySettings
{
    public const string Id = "Messaging:Auth:AccessKeyId";
    public const string Secret = "Messaging:Auth:SecretAccessKey";
    public const string Account = "Messaging:Auth:Account";

    public static readonly string[] Known = [Id, Secret, Account];

    /// <summary>Null where there is none.</summary>
    public static AccessKey? Read(IConfiguration configuration)
    {
        string? id = configuration[Id];
        string? secret = configuration[Secret];
        string? account = configuration[Account];
        if (id is null && secret is null)
            return account is null ? null : throw new SettingException($"{Account} makes no sense without {Id} and {Secret}.");
        if (id is null || secret is null)
            throw new SettingException($"{Id} and {Secret} belong together: {(id is null ? Id : Secret)} is missing.");
        if (!AccessKey.IsLegalId(id))
        {
            throw new SettingException(
                $"{Id} must have {BrokerLimits.AccessKeyIdCharactersMin} to {BrokerLimits.AccessKeyIdCharactersMax} letters, digits and underscores.");
        }
        if (!AccessKey.IsLegalSecret(secret))
        {
            throw new SettingException(
                $"{Secret} must have {BrokerLimits.SecretCharactersMin} to {BrokerLimits.SecretCharactersMax} visible characters of ASCII.");
        }
        return new AccessKey(id, secret, ReadAccount(Account, account));
    }

    /// <summary>The default account where none is named.</summary>
    public static AccountId ReadAccount(string name, string? text)
    {
        if (text is null)
            return AccountId.Default;
        return AccountId.TryParse(text, out AccountId account) ? account : throw new SettingException($"{name} must be twelve digits.");
    }
}
