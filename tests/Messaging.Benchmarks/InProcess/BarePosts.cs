using System.Buffers;
using System.Net.Http.Headers;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Push.Http;

namespace Messaging.Benchmarks.InProcess;

/// <summary>The client of HTTP alone, as many posts at a time as a subscription's window: the message as it is, or made into a document and signed for each.</summary>
internal sealed class BarePosts(string url, bool isSigned) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Messaging.Push.PushLimits.WindowMax, UseProxy = false, UseCookies = false });
    private readonly EnvelopeSigner _signer = EnvelopeSigner.Create();
    private readonly Uri _url = new(url);
    // The ones that a delivery has, too.
    private static readonly KeyValuePair<string, string>[] Headers =
        PushHeaders.Of("Notification", Guid.Empty.ToString(), "arn:aws:sns:us-east-1:000000000000:pushed", $"arn:aws:sns:us-east-1:000000000000:pushed:{Guid.Empty}", isRaw: true);

    private static readonly MediaTypeHeaderValue ContentType = new("text/plain") { CharSet = "UTF-8" };

    private int _left;
    private int _id;

    public Task PostAsync(int count)
    {
        _left = count;
        return Task.WhenAll(Enumerable.Range(0, Messaging.Push.PushLimits.WindowMax).Select(_ => Task.Run(PostAllAsync)));
    }

    public void Dispose()
    {
        _client.Dispose();
        _signer.Dispose();
    }

    private async Task PostAllAsync()
    {
        while (Interlocked.Decrement(ref _left) >= 0)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(isSigned ? Document() : PushedTopic.Body) };
            request.Content.Headers.ContentType = ContentType;
            foreach ((string name, string value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
            using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
        }
    }

    private ReadOnlyMemory<byte> Document()
    {
        string text = new Guid(Interlocked.Increment(ref _id), 0, 0, new byte[8]).ToString("D");
        MessageId id = MessageId.TryParse(text, out MessageId parsed) ? parsed : throw new InvalidOperationException($"{text} is no id.");
        var document = new NotificationDocument { Id = id, TopicArn = "arn:aws:sns:us-east-1:000000000000:pushed", Message = PushedTopic.Body, PublishedAtMs = 1_769_850_300_250 };
        var buffer = new ArrayBufferWriter<byte>(4_096);
        var signature = new EnvelopeSignature(SignatureVersion.Sha1, _signer.Sign(document, SignatureVersion.Sha1), $"http://127.0.0.1:8080/{_signer.CertificateFileName}");
        NotificationEnvelope.Write(buffer, document, new NotificationDelivery("http://127.0.0.1:8080/?Action=Unsubscribe", signature));
        return buffer.WrittenMemory;
    }
}
