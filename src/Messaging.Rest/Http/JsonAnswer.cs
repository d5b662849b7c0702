using System.Text.Encodings.Web;
using System.Text.Json;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Messaging.Rest.Http;

/// <summary>
/// A JSON answer in the making: a writer and its buffer, both used again for later answers. It is composed whole before the first byte goes
/// out, so that the status can still change and Content-Length is known. Rent, write, send, dispose; one owner at a time. Hot path.
/// </summary>
internal sealed class JsonAnswer : IDisposable
{
    public const string MediaType = "application/json";

    private const int BytesInitial = 4 * 1024;

    /// <summary>More than this many answers are rarely being written at once; beyond it they are made anew.</summary>
    private const int KeptMax = 64;

    // Relaxed: an answer is application/json and never inside HTML, and text outside of ASCII stays readable and short.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly DefaultObjectPool<JsonAnswer> Pool = new(new Policy(), KeptMax);

    private readonly PooledBuffer _buffer = new(BytesInitial);

    private JsonAnswer() => Writer = new Utf8JsonWriter(_buffer, WriterOptions);

    public Utf8JsonWriter Writer { get; }

    public static JsonAnswer Rent() => Pool.Get();

    public async Task SendAsync(HttpContext context, int status, string mediaType = MediaType)
    {
        Writer.Flush();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = _buffer.Length;
        // Not cancelled: when the client is gone, the pipe swallows the bytes.
        await response.BodyWriter.WriteAsync(_buffer.Written, CancellationToken.None);
    }

    public void Dispose() => Pool.Return(this);

    private sealed class Policy : PooledObjectPolicy<JsonAnswer>
    {
        public override JsonAnswer Create() => new();

        public override bool Return(JsonAnswer answer)
        {
            bool keep = answer._buffer.Capacity <= RestLimits.AnswerBytesKept;
            answer._buffer.Clear();
            answer.Writer.Reset();
            if (!keep)
                answer._buffer.Dispose();
            return keep;
        }
    }
}
