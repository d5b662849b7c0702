using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Policies;

/// <summary>What the conditions of a policy can ask about a request beside its caller. A value.</summary>
internal readonly record struct RequestContext
{
    public DateTimeOffset Now { get; init; }

    public IPAddress? SourceIp { get; init; }

    public bool IsSecure { get; init; }

    public string? UserAgent { get; init; }

    public string? Referer { get; init; }

    /// <summary>For whom a service of AWS calls, such as a topic; null where a client does.</summary>
    public string? SourceArn { get; init; }

    /// <inheritdoc cref="SourceArn"/>
    public string? SourceAccount { get; init; }

    /// <summary>The service that calls, such as <c>sns.amazonaws.com</c>; null where a client does.</summary>
    public string? Service { get; init; }

    /// <summary>What a subscription delivers to, and how, where one is made; null elsewhere.</summary>
    public string? SubscribedEndpoint { get; init; }

    /// <inheritdoc cref="SubscribedEndpoint"/>
    public string? SubscribedProtocol { get; init; }

    /// <summary>Of a client's request.</summary>
    public static RequestContext Of(HttpContext context, DateTimeOffset now)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        StringValues agent = context.Request.Headers.UserAgent;
        StringValues referer = context.Request.Headers.Referer;
        return new RequestContext
        {
            Now = now,
            SourceIp = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            IsSecure = context.Request.IsHttps,
            UserAgent = agent.Count == 0 ? null : agent.ToString(),
            Referer = referer.Count == 0 ? null : referer.ToString(),
        };
    }
}
