using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>A call whose bytes are the test's own: gRPC over HTTP/2 (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md) without a stack that would keep its rules.</summary>
internal static class RawCall
{
    /// <summary>A message with its prefix: a flag, and the length as a big-endian number.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0, int? length = null)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static async Task<RawAnswer> SendAsync(Uri server, string method, byte[] body, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = server, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await client.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        return new RawAnswer(response.StatusCode, Status(response, "grpc-status"), Status(response, "grpc-message"), answer, !response.TrailingHeaders.Any());
    }

    // Trailers-only answers have them among the headers.
    private static string? Status(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? trailers) ? trailers.Single()
        : response.Headers.TryGetValues(name, out IEnumerable<string>? headers) ? headers.Single() : null;
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(HttpStatusCode Http, string? Status, string? Message, byte[] Body, bool IsTrailersOnly);
