using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Broker;
using Messaging.Broker.Documents;
using Messaging.Broker.Names;

namespace Messaging.Aws.Mobile;

/// <summary>
/// Endpoints of applications: a device or an installation, by the token that its push service gave it (API Reference, CreatePlatformEndpoint, SetEndpointAttributes). A token is of one endpoint of its application: a second
/// document, by the token's hash, says which. It comes first and goes last, so that a crash between the two leaves one that names an endpoint that is not there, which is then made under that id.
/// </summary>
internal static class PlatformEndpoint
{
    public const string Kind = "sns.endpoint";
    public const string Parameter = "EndpointArn";
    public const string Token = "Token";
    public const string UserData = "CustomUserData";
    public const string Enabled = "Enabled";

    private const string TokenKind = "sns.token";
    private const string Root = "endpoint";
    private const int IdBytes = 16;

    public static readonly AwsError Missing = new(AwsErrorCode.NotFound, "Endpoint does not exist");

    private static readonly AwsError NoTarget = SnsRefusals.Invalid("TargetArn", "No endpoint found for the target arn specified");
    private static readonly AwsError Disabled = new(AwsErrorCode.EndpointDisabled, "Endpoint is disabled");
    private static readonly AwsError ApplicationDisabled = new(AwsErrorCode.PlatformApplicationDisabled, "Platform application is disabled");
    private static readonly AwsError Undelivered = SnsRefusals.Invalid("TargetArn", "This server sends to an endpoint of mobile push by a topic's subscription only");

    public static AwsError? CheckAttributes(IReadOnlyDictionary<string, string> attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            AwsError? refused = name switch
            {
                UserData => Encoding.UTF8.GetByteCount(value) <= SnsLimits.UserDataBytesMax ? null : Invalid($"{UserData}: must be at most {SnsLimits.UserDataBytesMax} bytes long in UTF-8 encoding"),
                Enabled => value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : Invalid($"{Enabled}: must be true or false"),
                Token => value.Length is > 0 and <= SnsLimits.TokenCharactersMax ? null : Invalid($"{Token}: must be 1 to {SnsLimits.TokenCharactersMax} characters long"),
                _ => SnsRefusals.Invalid("Attributes", $"Invalid attribute name: {Refusals.Shown(name)}"),
            };
            if (refused is not null)
                return refused;
        }
        return null;
    }

    /// <summary>The endpoint that an ARN names, and its application; they may be none that are there.</summary>
    public static AwsError? Read(Call call, string arn, string parameter, out DocumentKey key, out DocumentKey application)
    {
        (key, application) = (default, default);
        if (SnsArns.ReadPath(call, arn, parameter, slashes: 3, out NamespaceName space, out AccountId account, out string[] path) is { } refused)
            return refused;
        key = AttributeDocument.Key(account, space, Kind, $"{path[1]}/{path[2]}/{path[3]}");
        application = AttributeDocument.Key(account, space, PlatformApplication.Kind, $"{path[1]}/{path[2]}");
        return path[0] == Root ? TopicAccess.Authorize(call, "CreatePlatformEndpoint", account) : SnsRefusals.Invalid(parameter);
    }

    public static string ArnOf(Call call, in DocumentKey key) => SnsArns.Of(call.RegionOf(key.Namespace), key.Account, $"{Root}/{key.Name}");

    /// <summary>The endpoint of the application that has the token: its key, by an id that is new where there was none.</summary>
    public static async ValueTask<(AwsError? Refused, DocumentKey Key)> OfTokenAsync(Call call, DocumentKey application, string token, string? wanted = null)
    {
        string id = wanted ?? new Guid(RandomNumberGenerator.GetBytes(IdBytes)).ToString("D");
        Result<string?> kept = await call.Broker.Documents.ChangeAsync(TokenKey(application, token), text => text ?? id, CancellationToken.None);
        return kept.IsOk ? (null, application with { Kind = Kind, Name = $"{application.Name}/{kept.Value}" }) : (SnsRefusals.Of(kept.Error), default);
    }

    /// <summary>The token is nobody's from here on.</summary>
    public static async ValueTask ReleaseAsync(Call call, DocumentKey application, string token, string id) =>
        await call.Broker.Documents.ChangeAsync(TokenKey(application, token), text => text == id ? null : text, CancellationToken.None);

    /// <summary>Deletes it, where it is there.</summary>
    public static async ValueTask<AwsError?> DeleteAsync(Call call, DocumentKey key, DocumentKey application)
    {
        (AwsError? refused, Dictionary<string, string>? attributes) = await AttributeDocument.GetAsync(call, key);
        if (refused is not null || attributes is null)
            return refused;
        if (await AttributeDocument.DeleteAsync(call, key) is { } wrong)
            return wrong;
        await ReleaseAsync(call, application, attributes[Token], IdOf(key));
        return null;
    }

    public static string IdOf(in DocumentKey key) => key.Name[(key.Name.LastIndexOf('/') + 1)..];

    /// <summary>Why nothing is published to it.</summary>
    public static async ValueTask<AwsError> WhyNotPublishedAsync(Call call, string arn)
    {
        if (Read(call, arn, "TargetArn", out DocumentKey key, out DocumentKey application) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? endpoint) = await AttributeDocument.GetAsync(call, key);
        (AwsError? other, Dictionary<string, string>? owner) = await AttributeDocument.GetAsync(call, application);
        return refused ?? other ?? (endpoint is null ? NoTarget : IsOff(owner) ? ApplicationDisabled : IsOff(endpoint) ? Disabled : Undelivered);
    }

    private static bool IsOff(Dictionary<string, string>? attributes) => attributes?.GetValueOrDefault(Enabled)?.Equals("false", StringComparison.OrdinalIgnoreCase) == true;

    private static AwsError Invalid(string text) => SnsRefusals.Invalid("Attributes", $"Invalid value for attribute: {text}");

    private static DocumentKey TokenKey(in DocumentKey application, string token) =>
        application with { Kind = TokenKind, Name = $"{application.Name}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}" };
}
