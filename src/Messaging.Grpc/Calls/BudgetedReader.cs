using System.IO.Pipelines;
using Messaging.Broker;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Grpc.Calls;

/// <summary>
/// A request's body, of which a message is only taken out when all of it has come: what lies there until then counts in the bound of all bodies that are buffered, once it is more than a little. Used by one call. Hot path.
/// </summary>
internal sealed class BudgetedReader(PipeReader inner, BufferBudget budget) : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private static readonly BrokerError Overloaded = new(ErrorCode.Overloaded, "Too many large requests are arriving; try again later.");

    private long _taken;

    /// <inheritdoc/>
    public PipeReader Reader => this;

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ReadResult result = await inner.ReadAsync(cancellationToken);
        Count(result.Buffer.Length);
        return result;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
            return false;
        Count(result.Buffer.Length);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <summary>Gives back its part of the bound.</summary>
    public void Dispose()
    {
        budget.Return(_taken);
        _taken = 0;
    }

    private void Count(long buffered)
    {
        long wanted = buffered <= GrpcLimits.UncountedBytesMax ? 0 : buffered;
        if (wanted == _taken)
            return;
        if (wanted > _taken && !budget.TryTake(wanted - _taken))
            throw Refusal.Of(Overloaded);
        if (wanted < _taken)
            budget.Return(_taken - wanted);
        _taken = wanted;
    }
}
