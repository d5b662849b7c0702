using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Grpc.Calls;

/// <summary>
/// What an answer is made from, and lies in memory that is lent: given back when the call has ended, which is after its client has read the answer. Large ones take their place in the
/// bound on all such answers, and have a time in which they must be read.
/// </summary>
internal static class LentAnswer
{
    /// <summary>Why there is no place.</summary>
    public static readonly BrokerError Overloaded = new(ErrorCode.Overloaded, "Too many large answers are being read; ask for fewer messages at once, or again later.");

    /// <summary>Takes over <paramref name="lent"/> until the call has ended. False where there is no place for it: then it is the caller's still.</summary>
    public static bool TryHold(ServerCallContext context, Front front, IDisposable lent, long bytes)
    {
        if (!TryReserve(context, front, bytes))
            return false;
        context.GetHttpContext().Response.RegisterForDispose(lent);
        return true;
    }

    /// <summary>The same for an answer with memory of its own, which the collector takes. False where there is no place for it.</summary>
    public static bool TryReserve(ServerCallContext context, Front front, long bytes)
    {
        HttpContext call = context.GetHttpContext();
        if (bytes <= HttpLimits.AnswerBytesKept)
            return true;
        if (!front.Budgets.Answers.TryTake(bytes))
            return false;
        var answer = new LargeAnswer(front.Budgets.Answers, bytes);
        call.Features.Set(answer);
        call.Response.RegisterForDispose(answer);
        call.Response.RegisterForDispose(AnswerDeadline.Start(call, front.Clock));
        return true;
    }

    /// <summary>Such an answer of a call that can be made again: it has its place, or is refused.</summary>
    public static TResponse Placed<TResponse>(ServerCallContext context, Front front, TResponse response)
        where TResponse : IMessage => TryReserve(context, front, response.CalculateSize())
        ? response
        : throw Refusal.Of(new BrokerError(ErrorCode.Overloaded, "Too many large answers are being read; ask again later."));

    /// <summary>The refusal where <see cref="TryHold"/> is false.</summary>
    public static RpcException Refused() => Refusal.Of(Overloaded);
}

/// <summary>A call's answer that counts in the bound of all large ones. A call has it as a feature until its client has read the answer (Wire/WireGuard).</summary>
internal sealed class LargeAnswer(BufferBudget budget, long bytes) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => budget.Return(bytes);
}
