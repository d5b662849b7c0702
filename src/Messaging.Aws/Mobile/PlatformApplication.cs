using System.Buffers;
using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Broker.Documents;
using Messaging.Broker.Names;

namespace Messaging.Aws.Mobile;

/// <summary>
/// Applications of mobile push: the rules of their names, platforms and attributes (API Reference, CreatePlatformApplication, SetPlatformApplicationAttributes). Their credentials are kept and never told. What sends to them is
/// the operator's gateway.
/// </summary>
internal static class PlatformApplication
{
    public const string Kind = "sns.app";
    public const string Parameter = "PlatformApplicationArn";
    public const string Enabled = "Enabled";

    private const string Root = "app";
    private const string Credential = "PlatformCredential";
    private const string Principal = "PlatformPrincipal";

    public static readonly AwsError Missing = new(AwsErrorCode.NotFound, "PlatformApplication does not exist");

    private static readonly string[] Platforms = ["ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "MACOS", "MACOS_SANDBOX", "MPNS", "WNS"];

    private static readonly string[] Attributes =
    [
        Credential, Principal, Enabled, "EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated", "EventDeliveryFailure", "SuccessFeedbackRoleArn", "FailureFeedbackRoleArn",
        "SuccessFeedbackSampleRate", "ApplePlatformTeamID", "ApplePlatformBundleID",
    ];

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static AwsError? CheckName(string name) => name.Length == 0 ? SnsRefusals.Invalid(name, "cannot be empty")
        : name.Length > SnsLimits.ApplicationNameCharactersMax ? SnsRefusals.Invalid(name, $"must be at most {SnsLimits.ApplicationNameCharactersMax} characters long")
        : name.AsSpan().ContainsAnyExcept(NameCharacters) ? SnsRefusals.Invalid(name, "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'")
        : null;

    public static AwsError? CheckPlatform(string platform) => Platforms.Contains(platform) ? null : SnsRefusals.Invalid("Platform", $"{Refusals.Shown(platform)} is not supported");

    /// <summary>Of a new application: with the credential that its platform asks for.</summary>
    public static AwsError? CheckCredentials(string platform, IReadOnlyDictionary<string, string> attributes)
    {
        bool hasCredential = !string.IsNullOrEmpty(attributes.GetValueOrDefault(Credential)), hasPrincipal = !string.IsNullOrEmpty(attributes.GetValueOrDefault(Principal));
        if (!hasCredential)
            return SnsRefusals.Invalid("Attributes", $"{Principal} attribute provided without {Credential}");
        return hasPrincipal || platform == "GCM" ? null : SnsRefusals.Invalid("Attributes", $"{Credential} attribute provided without {Principal}");
    }

    public static AwsError? CheckAttributes(IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            if (!Attributes.Contains(name))
                return SnsRefusals.Invalid("Attributes", $"Invalid attribute name: {Refusals.Shown(name)}");
            if (name == Enabled && !value.Equals("true", StringComparison.OrdinalIgnoreCase) && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
                return SnsRefusals.Invalid("Attributes", $"Invalid value for attribute: {Enabled}: must be true or false");
            if (name == "SuccessFeedbackSampleRate" && !(int.TryParse(value, out int share) && share is >= 0 and <= 100))
                return SnsRefusals.Invalid("Attributes", $"Invalid value for attribute: {name}: must be 0 to 100");
        }
        return null;
    }

    /// <summary>All but the secrets.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Shown(Dictionary<string, string> attributes) => attributes.Where(static one => one.Key is not (Credential or Principal));

    /// <summary>The application that an ARN names; it may be none that is there.</summary>
    public static AwsError? Read(Call call, string arn, out DocumentKey key)
    {
        AwsError? refused = SnsArns.ReadPath(call, arn, Parameter, slashes: 2, out NamespaceName space, out AccountId account, out string[] path);
        key = refused is null ? AttributeDocument.Key(account, space, Kind, $"{path[1]}/{path[2]}") : default;
        return refused ?? (path[0] == Root ? null : SnsRefusals.Invalid(Parameter)) ?? TopicAccess.Authorize(call, "CreatePlatformApplication", account);
    }

    public static string ArnOf(Call call, in DocumentKey key) => SnsArns.Of(call.RegionOf(key.Namespace), key.Account, $"{Root}/{key.Name}");
}
