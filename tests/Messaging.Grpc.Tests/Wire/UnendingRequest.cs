using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>A request on a connection of its own that says that it is large, sends most of it, and then nothing more.</summary>
internal sealed class UnendingRequest : HttpContent
{
    private readonly HttpClient _client;
    private readonly int _bytes;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<HttpResponseMessage>? _response;

    private UnendingRequest(Uri server, int bytes)
    {
        (_client, _bytes) = (new HttpClient { BaseAddress = server }, bytes);
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>Returns when all that it sends is with the system, or it was answered.</summary>
    public static async Task<UnendingRequest> StartAsync(Uri server, int bytes, string method = "/messaging.v1.QueueService/SendMessages")
    {
        var content = new UnendingRequest(server, bytes);
        content._response = content._client.SendAsync(new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        });
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
        await stream.WriteAsync(RawCall.Frame(new SendMessagesRequest { Queue = "q" }.ToByteArray(), length: _bytes + 1));
        byte[] zeros = new byte[64 * 1024];
        for (int left = _bytes - zeros.Length; left > 0; left -= zeros.Length) await stream.WriteAsync(zeros);
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
