using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>A request on a connection of its own that sends something, such as most of a large message, and then neither more nor its end.</summary>
internal sealed class UnendingRequest : HttpContent
{
    private const string SendMessages = "/messaging.v1.QueueService/SendMessages";

    private readonly HttpClient _client;
    private readonly IEnumerable<byte[]> _pieces;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<HttpResponseMessage>? _response;

    private UnendingRequest(Uri server, IEnumerable<byte[]> pieces)
    {
        (_client, _pieces) = (new HttpClient { BaseAddress = server }, pieces);
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>So many bytes of a message that says that it has one more.</summary>
    public static Task<UnendingRequest> StartAsync(Uri server, int bytes, string method = SendMessages)
    {
        byte[] start = RawCall.Frame(new SendMessagesRequest { Queue = "q" }.ToByteArray(), length: bytes + 1), zeros = new byte[64 * 1024];
        return StartAsync(server, Enumerable.Repeat(zeros, (bytes / zeros.Length) - 1).Prepend(start), encoding: null, method);
    }

    /// <summary>A whole message, compressed.</summary>
    public static Task<UnendingRequest> StartAsync(Uri server, byte[] packed) => StartAsync(server, [RawCall.Frame(packed, flag: 1)], "gzip", SendMessages);

    // Returns when all that it sends is with the system, or it was answered.
    private static async Task<UnendingRequest> StartAsync(Uri server, IEnumerable<byte[]> pieces, string? encoding, string method)
    {
        var content = new UnendingRequest(server, pieces);
        var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        };
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        content._response = content._client.SendAsync(request);
        await Task.WhenAny(content._sent.Task, content._response);
        return content;
    }

    /// <summary>The status with which it was refused; null while it is not answered.</summary>
    public async Task<string?> StatusAsync()
    {
        return _response!.IsCompleted ? await AnswerAsync() : null;
    }

    /// <summary>The same, once it is answered.</summary>
    public async Task<string?> AnswerAsync()
    {
        using HttpResponseMessage response = await _response!;
        return response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values.Single() : null;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (byte[] piece in _pieces) await stream.WriteAsync(piece);
        await stream.FlushAsync();
        _sent.SetResult();
        await _released.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _released.TrySetResult();
        if (disposing) _client.Dispose();
        base.Dispose(disposing);
    }
}
