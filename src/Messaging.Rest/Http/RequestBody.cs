using System.Buffers;
using System.IO.Pipelines;
using Messaging.Broker;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>
/// A request's body in one piece. One that arrived so is read where it lies, in Kestrel's buffer; others are gathered into a pooled one
/// that grows with what has come, never with what was promised, and never beyond the limit. The operation owns it and disposes it when the
/// broker has answered, since messages point into it. A slow client is ended by Kestrel, whose MinRequestBodyDataRate stays on. Hot path.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large bodies are arriving at once.");

    private readonly PipeReader _reader;
    private readonly BufferBudget _budget;
    private ReadOnlySequence<byte>? _held;
    private PooledBuffer? _gathered;
    private long _reserved;

    private RequestBody(PipeReader reader, BufferBudget budget) => (_reader, _budget) = (reader, budget);

    public ReadOnlyMemory<byte> Bytes => _gathered?.Written ?? _held?.First ?? default;

    /// <summary>Reads the whole body, or stops early, on the first byte beyond the limit, with a problem.</summary>
    public static async ValueTask<(RequestBody Body, Problem? Problem)> ReadAsync(HttpContext context, BufferBudget budget, BodyLimit limit)
    {
        var body = new RequestBody(context.Request.BodyReader, budget);
        try
        {
            Problem? problem = MediaTypes.CheckEncoding(context)
                ?? (context.Request.ContentLength > limit.BytesMax ? limit.Exceeded : await body.FillAsync(context, limit));
            if (problem is not null)
            {
                body.Dispose();
                // What still comes is not worth reading.
                context.Response.Headers.Connection = "close";
            }
            return (body, problem);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_held is { } held)
            _reader.AdvanceTo(held.End);
        _held = null;
        _gathered?.Dispose();
        _gathered = null;
        _budget.Return(_reserved);
        _reserved = 0;
    }

    private async ValueTask<Problem?> FillAsync(HttpContext context, BodyLimit limit)
    {
        long? promised = context.Request.ContentLength;
        long length = 0;
        while (true)
        {
            // Without the request's token: a body ends by itself with its connection.
            ReadResult result = await _reader.ReadAsync(CancellationToken.None);
            _held = result.Buffer;
            length += result.Buffer.Length;
            if (length > limit.BytesMax)
                return limit.Exceeded;
            bool whole = result.IsCompleted || length == promised;
            if (whole && _gathered is null && result.Buffer.IsSingleSegment)
                return null;
            if (!TryGather(result.Buffer))
                return Overloaded;
            _reader.AdvanceTo(result.Buffer.End);
            _held = null;
            if (whole)
                return null;
        }
    }

    private bool TryGather(in ReadOnlySequence<byte> piece)
    {
        long needed = (_gathered?.Length ?? 0) + piece.Length;
        if (needed > _reserved)
        {
            long grown = Math.Max(needed, Math.Max(2 * _reserved, RestLimits.BufferBytesInitial));
            if (!_budget.TryTake(grown - _reserved))
                return false;
            _reserved = grown;
        }
        _gathered ??= new PooledBuffer((int)_reserved);
        foreach (ReadOnlyMemory<byte> segment in piece)
            _gathered.Write(segment.Span);
        return true;
    }
}
