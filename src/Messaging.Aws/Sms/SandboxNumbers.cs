using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Sms;

/// <summary>
/// Destination numbers that an account wants verified (API Reference, CreateSMSSandboxPhoneNumber). The one-time password is kept as its hash alone. Pure but for that.
/// </summary>
internal static class SandboxNumbers
{
    public const string Kind = "sns.sandbox";
    public const string Status = "Status";
    public const string Pending = "Pending";
    public const string Verified = "Verified";

    private const string Hash = "PasswordHash";
    private const int PasswordDigits = 6;

    public static readonly AwsError Missing = new(AwsErrorCode.ResourceNotFound, "Phone number does not exist");
    public static readonly AwsError WrongPassword = new(AwsErrorCode.Verification, "The one-time password is not the one that was sent.");
    public static readonly AwsError TooMany = new(AwsErrorCode.UserError, $"An account has at most {SnsLimits.SandboxNumbersMax} phone numbers in the sandbox.");

    private static readonly string[] Languages = ["de-DE", "en-GB", "en-US", "es-419", "es-ES", "fr-CA", "fr-FR", "it-IT", "ja-JP", "kr-KR", "pt-BR", "zh-CN", "zh-TW"];

    public static AwsError? Check(string number) => PhoneNumber.IsPlain(number) ? null : SnsRefusals.Invalid("PhoneNumber", $"{Refusals.Shown(number)} is not a valid phone number");

    public static AwsError? CheckLanguage(string language) => language.Length == 0 || Languages.Contains(language) ? null
        : SnsRefusals.Constraint($"'{Refusals.Shown(language)}'", "LanguageCode", $"Member must satisfy enum value set: [{string.Join(", ", Languages)}]");

    /// <summary>A number that waits for a new password.</summary>
    public static Dictionary<string, string> New() => new(StringComparer.Ordinal)
    {
        [Status] = Pending,
        [Hash] = HashOf(RandomNumberGenerator.GetString("0123456789", PasswordDigits)),
    };

    /// <summary>Compared in constant time.</summary>
    public static bool IsPassword(Dictionary<string, string> number, string password) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(password)), Encoding.ASCII.GetBytes(number.GetValueOrDefault(Hash, "")));

    private static string HashOf(string password) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)));
}
