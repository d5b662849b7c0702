using System.Globalization;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Sms;

/// <summary>The settings of an account's text messages (API Reference, SetSMSAttributes). They are kept and told; what sends is the operator's gateway. Pure.</summary>
internal static class SmsAttributes
{
    public const string Kind = "sns.sms";
    public const string Document = "attributes";

    private const string SpendLimit = "MonthlySpendLimit";
    private const string SpendLimitDefault = "1";
    private const int SenderCharactersMax = 11;

    private static readonly string[] Names = [SpendLimit, "DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate", "DefaultSenderID", "DefaultSMSType", "UsageReportS3Bucket"];

    public static AwsError? Check(IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            if (!Names.Contains(name))
                return Refusals.Invalid($"{Refusals.Shown(name)} is not a valid attribute");
            // The service's own word for it lacks two letters.
            if (name == "DefaultSenderID" && !IsSender(value))
                return Refusals.Invalid("DefaultSendID is not a valid attribute");
            bool isLegal = name switch
            {
                "DefaultSMSType" => value is "Promotional" or "Transactional",
                SpendLimit => decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _),
                "DeliveryStatusSuccessSamplingRate" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int share) && share <= 100,
                "DeliveryStatusIAMRole" => value.Length == 0 || value.StartsWith("arn:", StringComparison.Ordinal),
                _ => true,
            };
            if (!isLegal)
                return Refusals.Invalid($"{name} is invalid");
        }
        return null;
    }

    /// <summary>Those that are asked for, or all.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Shown(Dictionary<string, string>? kept, IReadOnlyCollection<string> names)
    {
        var all = new Dictionary<string, string>(kept ?? [], StringComparer.Ordinal);
        all.TryAdd(SpendLimit, SpendLimitDefault);
        return all.Where(one => names.Count == 0 || names.Contains(one.Key));
    }

    private static bool IsSender(string value) => value.Length <= SenderCharactersMax && value.All(char.IsAsciiLetterOrDigit) && (value.Length == 0 || value.Any(char.IsAsciiLetter));
}
