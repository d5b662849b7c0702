using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Http;

/// <summary>
/// For which service a request is, before its parameters are read: by the scope of its signature or by the host. It decides between actions of one name, and how a refusal is written that comes before any action. Nothing
/// here is believed. Pure. Hot path.
/// </summary>
internal static class ServiceGuess
{
    private const string InHeader = "/sns/aws4_request";
    private const string InQuery = "%2Fsns%2Faws4_request";
    private const string Host = "sns.";

    public static AwsService Of(HttpRequest request)
    {
        bool isSns = request.Headers.Authorization.ToString().Contains(InHeader, StringComparison.Ordinal)
            || (request.QueryString.Value is { } query && (query.Contains(InQuery, StringComparison.OrdinalIgnoreCase) || query.Contains(InHeader, StringComparison.Ordinal)))
            || request.Host.Value?.StartsWith(Host, StringComparison.OrdinalIgnoreCase) == true;
        return isSns ? AwsService.Sns : AwsService.Sqs;
    }
}
