using Messaging.Aws.Errors;

namespace Messaging.Aws.Sms;

/// <summary>
/// Destination numbers that an account wants verified (API Reference, CreateSMSSandboxPhoneNumber). Nothing sends one-time passwords, so that each stays as it came. Pure.
/// </summary>
internal static class SandboxNumbers
{
    public const string Kind = "sns.sandbox";
    public const string Status = "Status";
    public const string Pending = "Pending";

    public static readonly AwsError Missing = new(AwsErrorCode.ResourceNotFound, "Phone number does not exist");
    public static readonly AwsError WrongPassword = new(AwsErrorCode.Verification, "The one-time password is not the one that was sent: this server sends none.");
    public static readonly AwsError TooMany = new(AwsErrorCode.UserError, $"An account has at most {SnsLimits.SandboxNumbersMax} phone numbers in the sandbox.");

    private static readonly string[] Languages = ["de-DE", "en-GB", "en-US", "es-419", "es-ES", "fr-CA", "fr-FR", "it-IT", "ja-JP", "kr-KR", "pt-BR", "zh-CN", "zh-TW"];

    public static AwsError? Check(string number) => PhoneNumber.IsPlain(number) ? null : SnsRefusals.Invalid("PhoneNumber", $"{Refusals.Shown(number)} is not a valid phone number");

    public static AwsError? CheckLanguage(string language) => language.Length == 0 || Languages.Contains(language) ? null
        : SnsRefusals.Constraint($"'{Refusals.Shown(language)}'", "LanguageCode", $"Member must satisfy enum value set: [{string.Join(", ", Languages)}]");

    /// <summary>A number that waits for its password.</summary>
    public static Dictionary<string, string> New() => new(StringComparer.Ordinal) { [Status] = Pending };
}
