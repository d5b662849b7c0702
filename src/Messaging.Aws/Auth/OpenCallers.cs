using Messaging.Broker.Names;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Auth;

/// <summary>
/// Who calls in open mode, where an access key is taken at its word: one of twelve digits is the account, as it is customary among local stand-ins
/// for AWS. What can't be read is ignored. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed class OpenCallers
{
    private const string CredentialStart = "Credential=";

    // Boxed once for each credential, so that a call allocates nothing.
    private readonly CredentialCache<Known> _kept = new(AwsLimits.CredentialsKept);

    public Caller Read(HttpRequest request)
    {
        ReadOnlySpan<char> credential = InHeader(request.Headers.Authorization.Count == 1 ? request.Headers.Authorization[0] : default);
        if (credential.IsEmpty && request.QueryString.HasValue)
            credential = PresignedQuery.Credential(request.QueryString.Value.AsSpan(1));
        if (credential.IsEmpty)
            return Caller.Anonymous;
        if (_kept.Find(credential) is { } known)
            return known.Caller;
        if (!CredentialScope.TryParse(credential, out CredentialScope scope))
            return Caller.Anonymous;
        string accessKeyId = scope.AccessKeyId.ToString();
        AccountId account = AccountId.TryParse(accessKeyId, out AccountId named) ? named : AccountId.Default;
        var caller = new Caller(account, accessKeyId, scope.Region.ToString());
        _kept.Keep(credential, new Known(caller));
        return caller;
    }

    private static ReadOnlySpan<char> InHeader(ReadOnlySpan<char> header)
    {
        if (!AuthorizationHeader.IsSignature(header) || header.Length > AwsLimits.AuthorizationCharactersMax)
            return default;
        int start = header.IndexOf(CredentialStart, StringComparison.Ordinal);
        if (start < 0)
            return default;
        ReadOnlySpan<char> rest = header[(start + CredentialStart.Length)..];
        int end = rest.IndexOfAny(',', ' ');
        return end < 0 ? rest : rest[..end];
    }

    private sealed record Known(Caller Caller);
}
