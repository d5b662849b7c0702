using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Grpc.Wire;

/// <summary>
/// A request's body, of which a message is only taken out when all of it has come: what lies there until then counts in the bound of all bodies that are buffered, once it is more than a little; of a call with one message until it has ended, since
/// that is as long as what was read of it lives. Each message has a time in which it must have come, the one of a call from the first read on that has to wait, one of a stream from when its beginning is there; where the one of a call came compressed it counts as it is decompressed. What a stream keeps of its messages is counted by who keeps them
/// (<see cref="Streams.Gathering{TItem}"/>). Used by one call. Hot path.
/// </summary>
internal sealed class BudgetedReader(HttpContext context, BufferBudget budget, bool isStream, bool isCompressed, TimeProvider clock) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private readonly PipeReader _inner = context.Request.BodyReader;
    private readonly BudgetShare _share = new(budget, GrpcLimits.UncountedBytesMax);
    private ReadOnlySequence<byte> _last;
    private CancellationTokenSource? _deadline;
    private CancellationTokenRegistration _cancelling;
    private bool _hasPart;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>The request was read, and its handler called.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The request was read, and its handler is called; of a stream of requests there is none yet. Throws where there is no place for what it is decompressed.</summary>
    public void Begin(IMessage? request)
    {
        HasBegun = true;
        if (isCompressed && request?.CalculateSize() is { } bytes && bytes > _share.Taken)
            Hold(bytes);
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> read = _inner.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
            return WaitAsync(read);
        return ValueTask.FromResult(Counted(read.Result));
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!_inner.TryRead(out result))
            return false;
        Counted(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (isStream)
            Leave(consumed);
        _last = default;
        _inner.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <summary>Gives back its part of the bound.</summary>
    public void Dispose()
    {
        EndDeadline();
        _share.Dispose();
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
    {
        if (_deadline is null && (!isStream || _hasPart))
            StartDeadline();
        return Counted(await read);
    }

    private ReadResult Counted(ReadResult result)
    {
        if (result.IsCanceled && _deadline is { IsCancellationRequested: true })
            throw CallFaults.TooSlow();
        if (result.IsCompleted)
            EndDeadline();
        _last = result.Buffer;
        // Of one message the most that has lain here, of a stream what lies here now.
        if (isStream || _last.Length > _share.Taken)
            Hold(_last.Length);
        return result;
    }

    // What of a stream's messages is left behind those that were taken out.
    private void Leave(SequencePosition consumed)
    {
        long left = consumed.Equals(_last.End) ? 0 : _last.Slice(consumed).Length;
        if (left < _last.Length)
            EndDeadline();
        _hasPart = left > 0;
        if (left < _share.Taken)
            Hold(left);
    }

    private void StartDeadline()
    {
        _deadline = new CancellationTokenSource(TimeSpan.FromSeconds(HttpLimits.BodySecondsMax), clock);
        _cancelling = _deadline.Token.UnsafeRegister(static body => ((PipeReader)body!).CancelPendingRead(), _inner);
    }

    // Waits for a cancellation that is under way: Kestrel has the reader for another call soon.
    private void EndDeadline()
    {
        _cancelling.Dispose();
        _deadline?.Dispose();
        _deadline = null;
    }

    private void Hold(long bytes)
    {
        if (!_share.TryHold(bytes))
            throw Refusal.NoPlace(bytes, budget);
    }
}
