using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;

namespace Messaging.Http;

/// <summary>
/// An answer in the making: a buffer, and a writer of JSON into it, both used again for later answers. It is composed whole before the first byte goes
/// out, so that the status can still change and Content-Length is known. A large one asks for its place in a budget; those of puts and settled entries,
/// which are done and can't be refused any more, are short (BrokerLimits.CallEntriesMax) and go out without; that of a document of definitions goes out in any case. Rent, write, send, dispose; one owner at a time. Hot path.
/// </summary>
public sealed class BufferedAnswer : IDisposable
{
    /// <summary>Of JSON.</summary>
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

    private static readonly DefaultObjectPool<BufferedAnswer> Pool = new(new Policy(), KeptMax);

    private readonly PooledBuffer _buffer = new(BytesInitial);

    private BufferBudget? _budget;
    private long _reserved;

    // Where it holds a place: the clock that bounds how long.
    private TimeProvider? _clock;

    private BufferedAnswer() => Writer = new Utf8JsonWriter(_buffer, WriterOptions);

    /// <summary>Writes JSON into <see cref="Buffer"/>; flushed by <see cref="SendAsync"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Makes room for about so many bytes at once, where many are to come.</summary>
    public void Expect(long bytes) => _buffer.GetMemory((int)Math.Min(bytes + (bytes / 8), int.MaxValue / 2));

    /// <summary>Bytes of what is composed, without what the writer still holds.</summary>
    public int Length => _buffer.Length;

    /// <summary>For what is not JSON.</summary>
    public IBufferWriter<byte> Buffer => _buffer;

    public static BufferedAnswer Rent() => Pool.Get();

    /// <summary>
    /// Takes the place that a large answer holds until its client has read it. False when there is none left: then it is not sent. Asked when it is
    /// composed, since only then its size is known; composing has no await, so that at one time only a few answers are being composed.
    /// </summary>
    public bool TryReserve(BufferBudget budget, TimeProvider clock)
    {
        Writer.Flush();
        if (_buffer.Length <= HttpLimits.AnswerBytesKept)
            return true;
        if (!budget.TryTake(_buffer.Capacity))
            return false;
        (_budget, _reserved, _clock) = (budget, _buffer.Capacity, clock);
        return true;
    }

    public async Task SendAsync(HttpContext context, int status, string mediaType = MediaType)
    {
        Writer.Flush();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = _buffer.Length;
        await WriteAsync(context);
    }

    /// <summary>Sends it as the next part of an answer that is made of many; false when nobody reads any more.</summary>
    public async ValueTask<bool> WriteAsync(HttpContext context)
    {
        Writer.Flush();
        if (_buffer.Length < HttpLimits.AnswerBytesWritten)
        {
            ValueTask<FlushResult> writing = context.Response.BodyWriter.WriteAsync(_buffer.Written, CancellationToken.None);
            return !(writing.IsCompletedSuccessfully ? writing.Result : await InTimeAsync(context, writing)).IsCompleted;
        }
        using IDisposable deadline = AnswerDeadline.Start(context, _clock ?? context.RequestServices.GetRequiredService<TimeProvider>());
        var pieces = new PieceWriter(context.Response.BodyWriter, HttpLimits.AnswerBytesWritten);
        return await pieces.WriteAsync(_buffer.Written) && await pieces.FlushAsync();
    }

    /// <summary>Takes back what is composed, which nobody has seen.</summary>
    public void Clear()
    {
        Writer.Reset();
        _buffer.Clear();
    }

    public void Dispose() => Pool.Return(this);

    // Kestrel buffers no more for a client that is behind, and its least rate may leave one that was quick before hours to read. What waits for it counts from now on; where there is no place its connection is cut. What the
    // streams of HTTP/2 hold is counted by connection.
    private static async ValueTask<FlushResult> InTimeAsync(HttpContext context, ValueTask<FlushResult> writing)
    {
        using IDisposable deadline = AnswerDeadline.Start(context, context.RequestServices.GetRequiredService<TimeProvider>());
        BufferBudget answers = context.RequestServices.GetRequiredService<BufferBudgets>().Answers;
        using var place = new BudgetShare(answers, uncountedBytesMax: 0);
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !place.TryHold(HttpLimits.AnswerBytesBehind))
            context.Abort();
        return await writing;
    }

    private sealed class Policy : PooledObjectPolicy<BufferedAnswer>
    {
        public override BufferedAnswer Create() => new();

        public override bool Return(BufferedAnswer answer)
        {
            answer._budget?.Return(answer._reserved);
            (answer._budget, answer._reserved, answer._clock) = (null, 0, null);
            bool keep = answer._buffer.Capacity <= HttpLimits.AnswerBytesKept;
            answer._buffer.Clear();
            answer.Writer.Reset();
            if (!keep)
                answer._buffer.Dispose();
            return keep;
        }
    }
}
