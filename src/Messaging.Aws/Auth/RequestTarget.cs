using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Aws.Auth;

/// <summary>Path and query as they came, still encoded, which is how they were signed; spans of the request's own text. Hot path.</summary>
internal readonly ref struct RequestTarget
{
    public RequestTarget(ReadOnlySpan<char> target)
    {
        // A proxy may be asked by the absolute form: the authority stands in Host too.
        int scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            ReadOnlySpan<char> authority = target[(scheme + 3)..];
            int end = authority.IndexOfAny('/', '?');
            target = end < 0 ? default : authority[end..];
        }
        int question = target.IndexOf('?');
        Path = question < 0 ? target : target[..question];
        Query = question < 0 ? default : target[(question + 1)..];
    }

    public ReadOnlySpan<char> Path { get; }

    /// <summary>Without its question mark.</summary>
    public ReadOnlySpan<char> Query { get; }

    public static RequestTarget Of(HttpRequest request)
    {
        string? raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        // A server that does not keep it, such as one in memory: as it would have been sent.
        return new RequestTarget(string.IsNullOrEmpty(raw) ? $"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString.Value}" : raw);
    }
}
