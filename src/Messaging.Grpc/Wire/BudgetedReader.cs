using System.Buffers;
using System.IO.Pipelines;
using Messaging.Broker;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Grpc.Wire;

/// <summary>
/// A request's body, of which a message is only taken out when all of it has come: what lies there until then counts in the bound of all bodies that are buffered, once it is more than a little; of a call with one message until it has ended, since
/// that is as long as what was read of it lives. One message has a time in which it must have come. Used by one call. Hot path.
/// </summary>
internal sealed class BudgetedReader(HttpContext context, BufferBudget budget, bool isStream, TimeProvider clock) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private static readonly BrokerError Overloaded = new(ErrorCode.Overloaded, "Too many large requests are arriving; try again later.");

    private readonly PipeReader _inner = context.Request.BodyReader;
    private ReadOnlySequence<byte> _last;
    private IDisposable? _deadline;
    private long _taken;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>The request was read, and its handler called.</summary>
    public bool HasBegun { get; set; }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = _inner.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
            return WaitAsync(read);
        ReadResult result = read.Result;
        Count(result.Buffer);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!_inner.TryRead(out result))
            return false;
        Count(result.Buffer);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        long left = isStream && _taken > 0 ? _last.Slice(consumed).Length : long.MaxValue;
        _last = default;
        _inner.AdvanceTo(consumed, examined);
        if (left < _taken)
            Take(left);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <summary>Gives back its part of the bound.</summary>
    public void Dispose()
    {
        _deadline?.Dispose();
        budget.Return(_taken);
        _taken = 0;
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
    {
        if (!isStream && _deadline is null)
            _deadline = BodyDeadline.Start(context, clock);
        ReadResult result = await read;
        if (result.IsCompleted)
            _deadline?.Dispose();
        Count(result.Buffer);
        return result;
    }

    private void Count(in ReadOnlySequence<byte> buffered)
    {
        _last = buffered;
        // Of one message the most that has lain here, of a stream what lies here now.
        if (isStream || buffered.Length > _taken)
            Take(buffered.Length);
    }

    private void Take(long bytes)
    {
        long wanted = bytes <= GrpcLimits.UncountedBytesMax ? 0 : bytes;
        if (wanted > _taken && !budget.TryTake(wanted - _taken))
            throw Refusal.Of(Overloaded);
        if (wanted < _taken)
            budget.Return(_taken - wanted);
        _taken = wanted;
    }
}
