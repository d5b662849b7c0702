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
    private static readonly BrokerError Overloaded = new(ErrorCode.Overloaded, "Too many large answers are being read; ask for fewer messages at once, or again later.");

    /// <summary>Takes over <paramref name="lent"/> until the call has ended. False where there is no place for it: then it is the caller's still.</summary>
    public static bool TryHold(ServerCallContext context, Front front, IDisposable lent, long bytes)
    {
        HttpContext call = context.GetHttpContext();
        if (bytes > HttpLimits.AnswerBytesKept)
        {
            if (!front.Budgets.Answers.TryTake(bytes))
                return false;
            call.Response.RegisterForDispose(new Place(front.Budgets.Answers, bytes));
            call.Response.RegisterForDispose(AnswerDeadline.Start(call, front.Clock));
        }
        call.Response.RegisterForDispose(lent);
        return true;
    }

    /// <summary>An answer of which nothing is lent, which may be large all the same: it takes its place, or is refused.</summary>
    public static TResponse Placed<TResponse>(ServerCallContext context, Front front, TResponse response)
        where TResponse : IMessage => TryHold(context, front, NothingLent.Instance, response.CalculateSize())
        ? response
        : throw Refusal.Of(new BrokerError(ErrorCode.Overloaded, "Too many large answers are being read; ask again later."));

    /// <summary>The refusal where <see cref="TryHold"/> is false.</summary>
    public static RpcException Refused() => Refusal.Of(Overloaded);

    private sealed class NothingLent : IDisposable
    {
        public static readonly NothingLent Instance = new();

        public void Dispose()
        {
            // The answer's objects are the collector's.
        }
    }

    private sealed class Place(BufferBudget budget, long bytes) : IDisposable
    {
        public void Dispose() => budget.Return(bytes);
    }
}
