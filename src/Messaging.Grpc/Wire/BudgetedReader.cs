using System.Buffers;
using System.IO.Pipelines;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Grpc.Wire;

/// <summary>
/// A request's body, of which a message is only taken out when all of it has come: what lies there until then counts in the bound of all bodies that are buffered, once it is more than a little; of a call with one message until it has ended, since
/// that is as long as what was read of it lives. Each message has a time in which it must have come, the one of a call from the first read on that has to wait, one of a stream from when its beginning is there. What was decompressed counts as it grows. What a stream keeps of its messages is counted by who keeps them
/// (<see cref="Streams.Gathering{TItem}"/>). Used by one call. Hot path.
/// </summary>
internal sealed class BudgetedReader(HttpContext context, BufferBudget budget, bool isStream, TimeProvider clock) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private static readonly AsyncLocal<BudgetedReader?> Compressed = new();

    private readonly PipeReader _inner = context.Request.BodyReader;
    private readonly BudgetShare _share = new(budget, GrpcLimits.UncountedBytesMax);
    private ReadOnlySequence<byte> _last;
    private long _arrived;
    private long _unpacked;
    private CancellationTokenSource? _deadline;
    private CancellationTokenRegistration _cancelling;
    private bool _hasPart;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <summary>The body of the call that this code runs in, where its messages come compressed.</summary>
    public static BudgetedReader? OfCompressedCall => Compressed.Value;

    /// <summary>The request was read, and its handler called; of a stream, there is none to be read first.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Bytes of the call that have arrived, and that were made of them.</summary>
    public long Held => _arrived + _unpacked;

    /// <summary>Its messages come compressed: what decompresses them finds it by <see cref="OfCompressedCall"/>, in all that the caller calls from now on.</summary>
    public void ExpectCompressed() => Compressed.Value = this;

    /// <summary>So many bytes more have been decompressed of a message. Throws where there is no place for them.</summary>
    public void HoldUnpacked(int bytes)
    {
        _unpacked += bytes;
        Hold();
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
        if (isStream || _last.Length > _arrived)
        {
            _arrived = _last.Length;
            Hold();
        }
        return result;
    }

    // What of a stream's messages is left behind those that were taken out.
    private void Leave(SequencePosition consumed)
    {
        long left = consumed.Equals(_last.End) ? 0 : _last.Slice(consumed).Length;
        if (left < _last.Length)
            EndDeadline();
        _hasPart = left > 0;
        // What was decompressed has been parsed by now.
        (_arrived, _unpacked) = (left, 0);
        Hold();
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

    private void Hold()
    {
        if (!_share.TryHold(Held))
            throw Refusal.NoPlace(Held, budget);
    }
}
