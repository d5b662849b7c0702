using System.Buffers;
using System.Net;
using Messaging.Rest.Documents;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>
/// While everyone who reaches the server may call it, or a browser sends a key by itself, a web page in the browser of someone who may must not. The Host tells of a page whose
/// name was pointed at this machine (DNS rebinding), Sec-Fetch-Site and Origin of a page of another site; neither can be set by a page.
/// Clients that are no browsers send none of the latter two. The rules are those of the Fetch Metadata recommendations.
/// With <paramref name="anyHost"/> the server is reached by names that it can't know: the Host is then not checked, and an origin may also be the Host's.
/// Thread-safe. Hot path: no allocation unless it refuses or the address is an unusual one.
/// </summary>
internal sealed class BrowserGuard(bool anyHost)
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string FetchMode = "Sec-Fetch-Mode";
    private const string FetchDestination = "Sec-Fetch-Dest";
    private const string SchemeEnd = "://";

    /// <summary>Browsers resolve such names to this machine by themselves, and no name server is asked (RFC 6761, section 6.3).</summary>
    private const string UnderLocalhost = ".localhost";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private static readonly SearchValues<char> InNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private static readonly Problem ForbiddenHost = Problem.Of(
        FrontCode.ForbiddenHost, "The server is open on this machine only: call it as localhost, by a name under localhost, or by an address such as 127.0.0.1.", "Host");

    private static readonly Problem ForbiddenSite = Problem.Of(
        FrontCode.ForbiddenOrigin, "The server does not answer the web pages of other sites.", FetchSite);

    private static readonly Problem ForbiddenOrigin = ForbiddenSite with { Field = "Origin" };

    public Problem? Check(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        string? host = headers.Host;
        if (!anyHost && !IsLocal(host))
            return ForbiddenHost;
        string? site = null;
        if (headers.TryGetValue(FetchSite, out StringValues sites))
        {
            site = sites;
            if (site is not ("same-origin" or "same-site" or "none") && !IsFollowedLink(request))
                return ForbiddenSite;
        }
        StringValues origin = headers.Origin;
        if (origin.Count == 0 || IsAllowed(origin))
            return null;
        // Behind a proxy that does not pass the Host on, the browser's own word still tells.
        return anyHost && (site == "same-origin" || IsOf(origin, host)) ? null : ForbiddenOrigin;
    }

    /// <summary>
    /// A link to Swagger UI on some page, or in a mail to what its reader agrees to or ends: the browser shows the answer to its user, and not to that page. Of what is for people only: by the AWS protocols a GET sends
    /// and deletes as well.
    /// </summary>
    private static bool IsFollowedLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && (IsPage(request) || IsLinkOfMail(request)) && request.Headers[FetchMode] == "navigate" && request.Headers[FetchDestination] == "document";

    private static bool IsPage(HttpRequest request) =>
        request.Path.StartsWithSegments(SwaggerPage.Path) || (request.Path == "/" && !request.QueryString.HasValue);

    // What they name can't be guessed: a token, or the id of a subscription.
    private static bool IsLinkOfMail(HttpRequest request) =>
        request.Path == "/" && request.Query["Action"] is [{ } action] && action is "ConfirmSubscription" or "Unsubscribe";

    // Several, "null" and what has no host are no origin of ours.
    private static bool IsAllowed(StringValues origin) => origin.Count == 1 && IsLocal(Authority(origin[0]));

    private static bool IsOf(StringValues origin, string? host) =>
        origin.Count == 1 && !string.IsNullOrEmpty(host) && Authority(origin[0]).Equals(host, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Authority(string? origin)
    {
        int end = origin.AsSpan().IndexOf(SchemeEnd, StringComparison.Ordinal);
        return end < 0 ? default : origin.AsSpan(end + SchemeEnd.Length);
    }

    /// <summary>localhost, a name under it, or an address that is always this machine, with any port.</summary>
    internal static bool IsLocal(ReadOnlySpan<char> authority)
    {
        // Behind the bracket of an IPv6 address, which has colons of its own.
        int name = authority.IndexOf(']') + 1;
        int colon = authority[name..].IndexOf(':');
        if (colon >= 0 && authority[(name + colon + 1)..].ContainsAnyExcept(Digits))
            return false;
        ReadOnlySpan<char> host = colon < 0 ? authority : authority[..(name + colon)];
        if (host is "127.0.0.1" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (host.EndsWith(UnderLocalhost, StringComparison.OrdinalIgnoreCase))
            return IsName(host[..^UnderLocalhost.Length]);
        if (host is ['[', .. var inner, ']'])
            return inner.Contains(':') && IsLoopback(inner);
        return IsLoopback(host);
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        name is not ([] or ['.', ..] or [.., '.']) && !name.ContainsAnyExcept(InNames) && !name.Contains("..", StringComparison.Ordinal);

    private static bool IsLoopback(ReadOnlySpan<char> address) => IPAddress.TryParse(address, out IPAddress? parsed) && IPAddress.IsLoopback(parsed);
}
