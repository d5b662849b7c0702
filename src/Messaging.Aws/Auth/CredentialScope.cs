using System.Buffers;
using Messaging.Aws.Errors;

namespace Messaging.Aws.Auth;

/// <summary>
/// The parts of a credential: <c>AKIDEXAMPLE/20150830/us-east-1/sqs/aws4_request</c>; spans of the request's own text. Hot path.
/// </summary>
internal readonly ref struct CredentialScope
{
    public const string Terminator = "aws4_request";

    private const int Parts = 5;

    private static readonly SearchValues<char> RegionCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private CredentialScope(ReadOnlySpan<char> credential, scoped ReadOnlySpan<Range> parts)
    {
        AccessKeyId = credential[parts[0]];
        Date = credential[parts[1]];
        Region = credential[parts[2]];
        Service = credential[parts[3]];
        End = credential[parts[4]];
        Scope = credential[parts[1].Start..];
    }

    public ReadOnlySpan<char> AccessKeyId { get; }

    /// <summary>Eight digits.</summary>
    public ReadOnlySpan<char> Date { get; }

    public ReadOnlySpan<char> Region { get; }

    public ReadOnlySpan<char> Service { get; }

    /// <summary>All but the key's id, as it is signed.</summary>
    public ReadOnlySpan<char> Scope { get; }

    /// <summary>Should be <see cref="Terminator"/>.</summary>
    public ReadOnlySpan<char> End { get; }

    /// <summary>False for what has other than five parts, a key id of other than visible ASCII, or a region that can't stand in a name.</summary>
    public static bool TryParse(ReadOnlySpan<char> credential, out CredentialScope scope)
    {
        scope = default;
        Span<Range> parts = stackalloc Range[Parts + 1];
        if (credential.Length > AwsLimits.CredentialCharactersMax || credential.Split(parts, '/') != Parts)
            return false;
        scope = new CredentialScope(credential, parts);
        return scope.AccessKeyId.Length is > 0 and <= AwsLimits.AccessKeyCharactersMax
            && !scope.AccessKeyId.ContainsAnyExceptInRange('!', '~')
            && scope.Region.Length is > 0 and <= AwsLimits.RegionCharactersMax
            && !scope.Region.ContainsAnyExcept(RegionCharacters);
    }

    /// <summary>Whether it is for this day and one of these services.</summary>
    public AwsError? Check(ReadOnlySpan<char> timestamp, string[] services)
    {
        if (End is not Terminator)
            return AuthenticationErrors.Mismatch($"Credential should be scoped with a valid terminator: '{Terminator}', not '{AuthenticationErrors.Shown(End)}'.");
        if (!IsServed(services))
            return AuthenticationErrors.Mismatch($"Credential should be scoped to correct service: '{services[0]}'.");
        if (!timestamp.StartsWith(Date, StringComparison.Ordinal) || Date.Length != SignatureTime.DateCharacters)
            return AuthenticationErrors.Mismatch(
                $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{AuthenticationErrors.Shown(Date)}' != '{timestamp[..SignatureTime.DateCharacters]}', from '{timestamp}'.");
        return null;
    }

    private bool IsServed(string[] services)
    {
        foreach (string service in services)
        {
            if (Service.SequenceEqual(service))
                return true;
        }
        return false;
    }
}
