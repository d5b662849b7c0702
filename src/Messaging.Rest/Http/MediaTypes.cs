using System.Net;
using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Messaging.Rest.Http;

/// <summary>
/// Bodies are application/json, a patch's also application/merge-patch+json, except where they are the message itself; anything else is
/// answered with the curl command that works. Hot path.
/// </summary>
internal static class MediaTypes
{
    /// <summary>A record batch v2 of Kafka, as it is stored.</summary>
    public const string RecordBatch = "application/vnd.messaging.record-batch";

    private const string Identity = "identity";
    private const string MergePatch = "application/merge-patch+json";

    private static readonly Problem EncodingRefused =
        Problem.Of(FrontCode.UnsupportedContentEncoding, "Bodies are taken as they are, without Content-Encoding.", "Content-Encoding");

    /// <summary>
    /// Null for JSON, and with <paramref name="bodyIsOptional"/> for no body at all. <paramref name="example"/> is a body that the
    /// operation takes, for the corrected command.
    /// </summary>
    public static Problem? CheckJson(HttpRequest request, string example, bool bodyIsOptional = false)
    {
        string? type = request.ContentType;
        if (string.Equals(type, BufferedAnswer.MediaType, StringComparison.OrdinalIgnoreCase) || Is(type, BufferedAnswer.MediaType))
            return null;
        if (bodyIsOptional && type is null && request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
            return null;
        string said = type is null ? "The request has no Content-Type." : "The Content-Type of this request is another one.";
        return Problem.Of(FrontCode.UnsupportedMediaType, $"{said} Try: {Curl(request, example)}", "Content-Type");
    }

    /// <summary>A body comes as it is: what a gzip holds could be of any size, and a raw message would lose that it is one.</summary>
    public static Problem? CheckEncoding(HttpContext context)
    {
        StringValues encoding = context.Request.Headers.ContentEncoding;
        if (encoding.Count == 0 || (encoding.Count == 1 && string.Equals(encoding[0], Identity, StringComparison.OrdinalIgnoreCase)))
            return null;
        context.Response.Headers.AcceptEncoding = Identity;
        return EncodingRefused;
    }

    /// <summary>Null for JSON and for a JSON merge patch (RFC 7396).</summary>
    public static Problem? CheckMergePatch(HttpRequest request, string example) =>
        Is(request.ContentType, MergePatch) ? null : CheckJson(request, example);

    /// <summary>The body is a record batch.</summary>
    public static bool IsRecordBatch(string? type) => string.Equals(type, RecordBatch, StringComparison.OrdinalIgnoreCase) || Is(type, RecordBatch);

    private static bool Is(string? type, string mediaType) =>
        MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? parsed)
        && parsed.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static string Curl(HttpRequest request, string example)
    {
        // Encoded by these two, so that nothing in them can end the quotes of a shell.
        string path = request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        string url = $"{request.Scheme}://{Address(request.HttpContext.Connection)}{path}".Replace("'", "%27", StringComparison.Ordinal);
        return $"curl -X {request.Method} '{url}' -H 'Content-Type: application/json' -d '{example}'";
    }

    // Where the call came in. The Host is the client's own text, and may be missing.
    private static string Address(ConnectionInfo connection) =>
        connection.LocalIpAddress is { } address
            ? new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, connection.LocalPort).ToString()
            : "localhost";
}
