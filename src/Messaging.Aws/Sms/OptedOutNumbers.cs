using Messaging.Aws.Errors;

namespace Messaging.Aws.Sms;

/// <summary>Numbers whose owners want no more messages: the gateway's word, kept by the account. Pure.</summary>
internal static class OptedOutNumbers
{
    public const string Kind = "sns.optout";

    private static readonly AwsError Malformed = SnsRefusals.Invalid("PhoneNumber", "input incorrectly formatted");

    public static AwsError? Check(string number) => PhoneNumber.IsPlain(number) ? null : Malformed;
}
