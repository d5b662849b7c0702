using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Broker.Access;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Auth;

/// <summary>
/// Tells who signed a request, by Signature Version 4 in a header or in the query. In closed mode a signature that is there must be right; a request
/// without one comes through as <see cref="Caller.Anonymous"/>, and what it may do is the policies' word. In open mode nothing is checked.
/// A signature is good until it expires, as often as it comes, as with AWS: there is no memory of those that came. One for the process,
/// thread-safe. Hot path: one SHA-256 over the body, one over the canonical request, one HMAC.
/// </summary>
internal sealed class Authenticator
{
    private readonly TimeProvider _clock;
    private readonly string[] _services;
    private readonly SigningKeys _keys;
    private readonly OpenCallers? _open;

    /// <summary>
    /// <paramref name="keys"/> finds an access key by its id: the same object while it is unchanged, null for none. <paramref name="services"/>: those that
    /// a credential may be scoped to.
    /// </summary>
    public Authenticator(Func<string, AccessKey?> keys, TimeProvider clock, AuthenticationMode mode, params string[] services)
    {
        _clock = clock;
        _services = services.Length == 0 ? ["sqs"] : services;
        _keys = new SigningKeys(keys);
        _open = mode == AuthenticationMode.Open ? new OpenCallers() : null;
    }

    /// <summary>Null with the caller, or why the request is refused.</summary>
    public AwsError? Authenticate(HttpRequest request, ReadOnlySpan<byte> body, out Caller caller)
    {
        caller = Caller.Anonymous;
        if (_open is not null)
        {
            caller = _open.Read(request);
            return null;
        }
        RequestTarget target = RequestTarget.Of(request);
        AwsError? refused = Read(request, target, out SignatureFields fields, out bool isSigned);
        if (refused is not null || !isSigned)
            return refused;
        return Verify(request, target, body, fields, ref caller);
    }

    /// <summary>
    /// Whether the request may be of a caller that the server knows: what can be told before its body has come. Ids of keys are no secrets, so that this proves nothing. Always in open mode.
    /// </summary>
    public bool MayBeKnown(HttpRequest request) =>
        _open is not null
        || (Read(request, RequestTarget.Of(request), out SignatureFields fields, out bool isSigned) is null && isSigned
            && CredentialScope.TryParse(fields.Credential, out CredentialScope scope) && _keys.TryGet(fields.Credential, scope, out _));

    private static AwsError? Read(HttpRequest request, RequestTarget target, out SignatureFields fields, out bool isSigned)
    {
        fields = default;
        isSigned = true;
        if (target.Path.Length + target.Query.Length > AwsLimits.SignedTargetCharactersMax)
            return AuthenticationErrors.TooLong;
        if (!Ascii.IsValid(target.Path) || !Ascii.IsValid(target.Query))
            return AuthenticationErrors.NotEncoded;
        if (request.Headers.Authorization is { Count: > 0 } headers)
        {
            // Basic, a token of another kind, or several: no signature of AWS's.
            return headers.Count == 1 && AuthorizationHeader.IsSignature(headers[0])
                ? AuthorizationHeader.Read(headers[0], request.Headers, out fields)
                : AuthenticationErrors.Missing;
        }
        if (PresignedQuery.IsSigned(target.Query))
            return PresignedQuery.Read(target.Query, out fields);
        isSigned = false;
        return null;
    }

    private AwsError? Verify(HttpRequest request, RequestTarget target, ReadOnlySpan<byte> body, in SignatureFields fields, ref Caller caller)
    {
        Span<char> timestamp = stackalloc char[SignatureTime.Characters];
        if (SignatureTime.Read(fields.Date, timestamp, out DateTime time) is { } noTime)
            return noTime;
        if (!CredentialScope.TryParse(fields.Credential, out CredentialScope scope))
            return AuthenticationErrors.Incomplete(
                $"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{AuthenticationErrors.Shown(fields.Credential)}'");
        Span<byte> contentHash = stackalloc byte[ContentHash.HexCharacters];
        bool mayBeUnsigned = fields.IsPresigned && HttpMethods.IsGet(request.Method);
        int hashLength = 0;
        AwsError? refused = scope.Check(timestamp, _services)
            ?? SignatureTime.Check(time, fields, _clock.GetUtcNow().UtcDateTime)
            ?? (request.Headers.ContainsKey("x-amz-security-token") ? AuthenticationErrors.SessionToken : null)
            ?? SignedHeaderList.Check(fields.SignedHeaders, request.Headers)
            ?? ContentHash.Write(contentHash, request.Headers, body, mayBeUnsigned, out hashLength);
        if (refused is not null)
            return refused;

        bool isKnown = _keys.TryGet(fields.Credential, scope, out SigningKey key);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> signature = stackalloc byte[SHA256.HashSizeInBytes];
        CanonicalRequest.Hash(request.Method, target, request.Headers, fields, contentHash[..hashLength], hash);
        CanonicalRequest.Sign(key.Span, timestamp, scope.Scope, hash, signature);
        bool isRight = Matches(fields.Signature, signature);
        if (!isKnown)
            return AuthenticationErrors.UnknownKey;
        if (!isRight)
            return AuthenticationErrors.WrongSignature;
        _keys.Keep(fields.Credential, key);
        caller = key.Caller;
        return null;
    }

    private static bool Matches(ReadOnlySpan<char> given, ReadOnlySpan<byte> signature)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return given.Length == ContentHash.HexCharacters
            && Convert.FromHexString(given, bytes, out _, out _) == OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(bytes, signature);
    }
}
