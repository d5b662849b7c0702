using Messaging.Aws.Errors;

namespace Messaging.Aws.Auth;

/// <summary>
/// The signature in the query: X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature. Sans-I/O.
/// Source: IAM User Guide, "Authentication methods". Not a hot path: its values are decoded into strings.
/// </summary>
internal static class PresignedQuery
{
    public const string SignatureName = "X-Amz-Signature";

    private const string AlgorithmName = "X-Amz-Algorithm";
    private const string CredentialName = "X-Amz-Credential";
    private const string DateName = "X-Amz-Date";
    private const string ExpiresName = "X-Amz-Expires";
    private const string SignedHeadersName = "X-Amz-SignedHeaders";
    private const string SecurityTokenName = "X-Amz-Security-Token";

    /// <summary>Whether the query says that it is signed.</summary>
    public static bool IsSigned(ReadOnlySpan<char> query) =>
        query.Contains("X-Amz-", StringComparison.Ordinal) && (Find(query, AlgorithmName) ?? Find(query, SignatureName)) is not null;

    /// <summary>The credential alone, for who believes it; null without one.</summary>
    public static string? Credential(ReadOnlySpan<char> query) => query.Contains(CredentialName, StringComparison.Ordinal) ? Find(query, CredentialName) : null;

    public static AwsError? Read(ReadOnlySpan<char> query, out SignatureFields fields)
    {
        fields = default;
        if (query.Length > AwsLimits.SignedTargetCharactersMax)
            return AuthenticationErrors.TooLong;
        if (Find(query, AlgorithmName) is not { } algorithm)
            return AuthenticationErrors.MissingParameter(AlgorithmName);
        if (algorithm != AuthorizationHeader.Algorithm)
            return AuthenticationErrors.Incomplete($"Unsupported AWS 'algorithm': '{AuthenticationErrors.Shown(algorithm)}'.");
        if (Find(query, SecurityTokenName) is not null)
            return AuthenticationErrors.SessionToken;
        foreach (string name in (ReadOnlySpan<string>)[CredentialName, SignatureName, SignedHeadersName, DateName, ExpiresName])
        {
            if (string.IsNullOrEmpty(Find(query, name)))
                return AuthenticationErrors.MissingParameter(name);
        }
        fields.Credential = Find(query, CredentialName);
        fields.Signature = Find(query, SignatureName);
        fields.SignedHeaders = Find(query, SignedHeadersName);
        fields.Date = Find(query, DateName);
        return ReadExpires(Find(query, ExpiresName)!, out fields.ExpiresSeconds);
    }

    private static AwsError? ReadExpires(string text, out int seconds)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            seconds = 0;
            return AuthenticationErrors.Incomplete("X-Amz-Expires should be a number of seconds.");
        }
        // More digits than an int has are also more than a week.
        return int.TryParse(text, out seconds) && seconds is >= 1 and <= AwsLimits.PresignedSecondsMax
            ? null
            : AuthenticationErrors.Incomplete($"X-Amz-Expires must be between 1 and {AwsLimits.PresignedSecondsMax} (a week, in seconds).");
    }

    // The first of that name: each one is signed, so that nobody can put another before it.
    private static string? Find(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        foreach (Range range in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[range];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return Uri.UnescapeDataString(pair[(name.Length + 1)..]);
        }
        return null;
    }
}
