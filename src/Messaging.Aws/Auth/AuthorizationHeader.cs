using Messaging.Aws.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Auth;

/// <summary>
/// The signature in the header Authorization: <c>AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…</c>, with its time in X-Amz-Date or Date.
/// Sans-I/O. Source: IAM User Guide, "Authentication methods". Hot path: no allocation unless it refuses.
/// </summary>
internal static class AuthorizationHeader
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string DateName = "X-Amz-Date";

    private const string AnyAlgorithm = "AWS4-";

    /// <summary>Whether it is a signature of any AWS algorithm, and not for example Basic.</summary>
    public static bool IsSignature(ReadOnlySpan<char> header) => header.StartsWith(AnyAlgorithm, StringComparison.Ordinal);

    public static AwsError? Read(ReadOnlySpan<char> header, IHeaderDictionary headers, out SignatureFields fields)
    {
        fields = new SignatureFields { ExpiresSeconds = SignatureFields.NotPresigned };
        if (header.Length > AwsLimits.AuthorizationCharactersMax)
            return AuthenticationErrors.TooLong;
        int end = header.IndexOf(' ');
        ReadOnlySpan<char> algorithm = end < 0 ? header : header[..end];
        if (algorithm is not Algorithm)
            return AuthenticationErrors.Incomplete($"Unsupported AWS 'algorithm': '{AuthenticationErrors.Shown(algorithm)}'.");
        if (ReadParts(header[algorithm.Length..], ref fields) is { } refused)
            return refused;
        if (headers.TryGetValue(DateName, out StringValues dates) || headers.TryGetValue("Date", out dates))
            fields.Date = dates.Count == 1 ? dates[0] : default;
        return fields.Credential.IsEmpty || fields.Signature.IsEmpty || fields.SignedHeaders.IsEmpty || fields.Date.IsEmpty ? Lacks(header, fields) : null;
    }

    private static AwsError? ReadParts(ReadOnlySpan<char> parts, ref SignatureFields fields)
    {
        foreach (Range range in parts.Split(','))
        {
            ReadOnlySpan<char> part = parts[range].Trim(' ');
            if (part.IsEmpty)
                continue;
            int equals = part.IndexOf('=');
            if (equals < 0)
                return AuthenticationErrors.Incomplete($"Invalid key=value pair (missing equal-sign) in Authorization header. {AuthenticationErrors.Fingerprint(part)}");
            ReadOnlySpan<char> value = part[(equals + 1)..];
            switch (part[..equals])
            {
                case "Credential" when fields.Credential.IsEmpty:
                    fields.Credential = value;
                    break;
                case "SignedHeaders" when fields.SignedHeaders.IsEmpty:
                    fields.SignedHeaders = value;
                    break;
                case "Signature" when fields.Signature.IsEmpty:
                    fields.Signature = value;
                    break;
                case "Credential" or "SignedHeaders" or "Signature":
                    return AuthenticationErrors.Incomplete($"'{part[..equals]}' stands in the Authorization header twice.");
                default:
                    // Of a later version; what is signed does not depend on it.
                    break;
            }
        }
        return null;
    }

    private static AwsError Lacks(ReadOnlySpan<char> header, in SignatureFields fields)
    {
        string text = "";
        if (fields.Credential.IsEmpty)
            text += "Authorization header requires 'Credential' parameter. ";
        if (fields.Signature.IsEmpty)
            text += "Authorization header requires 'Signature' parameter. ";
        if (fields.SignedHeaders.IsEmpty)
            text += "Authorization header requires 'SignedHeaders' parameter. ";
        if (fields.Date.IsEmpty)
            text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
        return AuthenticationErrors.Incomplete(text + AuthenticationErrors.Fingerprint(header));
    }
}
