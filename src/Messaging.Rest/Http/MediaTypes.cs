using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Messaging.Rest.Http;

/// <summary>
/// Bodies are application/json except where they are the message itself; anything else is answered with the curl command that works. Hot
/// path.
/// </summary>
internal static class MediaTypes
{
    /// <summary>
    /// Null for JSON, and with <paramref name="bodyIsOptional"/> for no body at all. <paramref name="example"/> is a body that the
    /// operation takes, for the corrected command.
    /// </summary>
    public static Problem? CheckJson(HttpRequest request, string example, bool bodyIsOptional = false)
    {
        string? type = request.ContentType;
        if (string.Equals(type, JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase) || IsJson(type))
            return null;
        if (bodyIsOptional && type is null && request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
            return null;
        string said = type is null ? "The request has no Content-Type." : "The Content-Type of this request is another one.";
        return Problem.Of(FrontCode.UnsupportedMediaType, $"{said} Try: {Curl(request, example)}", "Content-Type");
    }

    private static bool IsJson(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? parsed)
        && parsed.MediaType.Equals(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static string Curl(HttpRequest request, string example)
    {
        // Encoded by these three, so that nothing in them can end the quotes of a shell.
        string path = request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        string url = $"{request.Scheme}://{request.Host.ToUriComponent()}{path}".Replace("'", "%27", StringComparison.Ordinal);
        return $"curl -X {request.Method} '{url}' -H 'Content-Type: application/json' -d '{example}'";
    }
}
