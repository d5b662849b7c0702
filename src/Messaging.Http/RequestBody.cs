using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Messaging.Http;

/// <summary>
/// A request's body in one piece. One that Kestrel's buffer holds so is read where it lies, however it came; others are gathered into a pooled one
/// that grows with what has come, to what was promised only when a part of it is there (<see cref="HttpLimits.BodyTrust"/>), and never beyond the limit. The operation owns it and disposes it when the
/// broker has answered, since messages point into it. A slow client is ended by Kestrel, whose MinRequestBodyDataRate stays on. Hot path.
/// </summary>
public sealed class RequestBody : IDisposable
{
    private readonly PipeReader _reader;
    private readonly BufferBudget _budget;
    private ReadOnlySequence<byte>? _held;
    private PooledBuffer? _gathered;
    private SequencePosition _seen;
    private long _reserved;
    private CallDeadline? _deadline;

    private RequestBody(PipeReader reader, BufferBudget budget) => (_reader, _budget) = (reader, budget);

    /// <summary>What was not read.</summary>
    public static RequestBody None { get; } = new(PipeReader.Create(Stream.Null), new BufferBudget(bytesMax: 0));

    /// <summary>All of it; valid until disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => _gathered?.Written ?? _held?.First ?? default;

    /// <summary>Reads the whole body, or stops early, on the first byte beyond the limit, with a fault.</summary>
    public static async ValueTask<(RequestBody Body, BodyFault? Fault)> ReadAsync(HttpContext context, BufferBudget budget, int bytesMax, TimeProvider clock)
    {
        var body = new RequestBody(context.Request.BodyReader, budget);
        try
        {
            BodyFault? fault = context.Request.ContentLength > bytesMax ? BodyFault.TooLarge : await body.FillAsync(context, bytesMax, clock);
            if (fault is not null)
            {
                body.Dispose();
                // What still comes is not worth reading.
                context.Response.Headers.Connection = "close";
            }
            return (body, fault);
        }
        catch
        {
            body.Dispose();
            body.EndReading();
            throw;
        }
    }

    public void Dispose()
    {
        if (_held is { } held)
            Release(held.End, held.End);
        EndDeadline();
        _gathered?.Dispose();
        _gathered = null;
        _budget.Return(_reserved);
        _reserved = 0;
    }

    private async ValueTask<BodyFault?> FillAsync(HttpContext context, int bytesMax, TimeProvider clock)
    {
        long? promised = context.Request.ContentLength;
        while (true)
        {
            // Without the request's token: a body ends by itself with its connection.
            ReadResult result = await _reader.ReadAsync(CancellationToken.None);
            _held = result.Buffer;
            _seen = result.Buffer.End;
            long length = (_gathered?.Length ?? 0) + result.Buffer.Length;
            if (length > bytesMax)
                return BodyFault.TooLarge;
            bool isWhole = result.IsCompleted || length == promised;
            // While it is in one piece it may stay so: Kestrel's buffer goes on behind it.
            bool isHeld = _gathered is null && result.Buffer.IsSingleSegment;
            if (!isHeld && !TryGather(result.Buffer, promised, bytesMax))
                return BodyFault.Overloaded;
            if (isWhole)
            {
                // What is done with it may take longer.
                EndDeadline();
                return null;
            }
            _deadline ??= new CallDeadline(context, HttpLimits.BodySecondsMax, clock);
            if (isHeld)
                Release(result.Buffer.Start, result.Buffer.End);
        }
    }

    // Of a body that breaks off, Kestrel has begun a read that it does not end: what it does behind the request would trip over that, and log a fault of ours.
    private void EndReading()
    {
        try
        {
            _reader.AdvanceTo(_seen);
        }
        catch (InvalidOperationException)
        {
            // There was nothing to end but its own note of it.
        }
    }

    // Kestrel may use its buffer up to the first position again, and tells when there is more behind the second.
    private void Release(SequencePosition consumed, SequencePosition examined)
    {
        _reader.AdvanceTo(consumed, examined);
        _held = null;
    }

    private void EndDeadline()
    {
        _deadline?.Dispose();
        _deadline = null;
    }

    private bool TryGather(in ReadOnlySequence<byte> piece, long? promised, int bytesMax)
    {
        long needed = (_gathered?.Length ?? 0) + piece.Length;
        if (needed > _reserved)
        {
            long likely = promised <= HttpLimits.BodyTrust * needed ? promised.Value : Math.Min(2 * _reserved, bytesMax);
            long grown = Math.Max(needed, Math.Max(likely, HttpLimits.BufferBytesInitial));
            if (!_budget.TryTake(grown - _reserved))
                return false;
            _reserved = grown;
            _gathered ??= new PooledBuffer((int)grown);
            _gathered.GetMemory((int)grown - _gathered.Length);
        }
        foreach (ReadOnlyMemory<byte> segment in piece)
            _gathered?.Write(segment.Span);
        Release(piece.End, piece.End);
        return true;
    }
}
