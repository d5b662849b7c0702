using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Auth;

/// <summary>The refusals of authentication, in the words that AWS has for them.</summary>
internal static class AuthenticationErrors
{
    private const int ShownCharactersMax = 128;

    public static readonly AwsError UnknownKey = new(AwsErrorCode.UnknownAccessKey, "The security token included in the request is invalid.");

    public static readonly AwsError SessionToken = new(
        AwsErrorCode.UnknownAccessKey, "The security token included in the request is invalid. This server issues no session tokens: sign with an access key of its own.");

    public static readonly AwsError WrongSignature = Mismatch(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
        + "Consult the service documentation for details.");

    public static readonly AwsError Missing = new(AwsErrorCode.MissingAuthentication, "Request is missing Authentication Token");

    public static readonly AwsError TooLong = Incomplete("The Authorization header, or the URI with its query, is longer than a signature needs.");

    public static readonly AwsError NotEncoded = Incomplete("The URI has characters that must be percent-encoded.");

    public static readonly AwsError WrongContentHash = Mismatch("The provided 'x-amz-content-sha256' header does not match what was computed.");

    public static readonly AwsError UnsignedContent = Mismatch("The payload must be signed: 'x-amz-content-sha256' has to be the SHA-256 of the body, or to be left out.");

    public static AwsError Mismatch(string text) => new(AwsErrorCode.SignatureDoesNotMatch, text);

    public static AwsError Incomplete(string text) => new(AwsErrorCode.IncompleteSignature, text);

    public static AwsError NotSigned(string header) => Mismatch($"'{header}' must be a 'SignedHeader' in the AWS Authorization.");

    public static AwsError MissingParameter(string name) =>
        Incomplete($"AWS query-string parameters must include '{name}'. Re-examine the query-string parameters.");

    /// <summary>The beginning of what a client sent, fit for any answer: a query can carry characters that XML can't.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        Span<char> shown = stackalloc char[Math.Min(text.Length, ShownCharactersMax)];
        for (int i = 0; i < shown.Length; i++)
            shown[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
        return shown.ToString();
    }

    /// <summary>What AWS shows of a header that it can't read: enough to recognize it, and no secret.</summary>
    public static string Fingerprint(ReadOnlySpan<char> text) =>
        $"(Hashed with SHA-256 and encoded with Base64) Authorization={Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
}
