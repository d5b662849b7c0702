using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Streams;

/// <summary>A stream with a response for each request, in their order: what comes while a call of the broker is under way is the next one, all of it. Hot path.</summary>
internal static class AnsweredStream
{
    /// <summary>
    /// Runs until the client closes its side, or something is wrong, which is told when what came before it is answered. <paramref name="look"/> throws where a request can't be; <paramref name="count"/> tells its parts, of which the field <paramref name="place"/> holds the entries;
    /// <paramref name="work"/> does and answers all that have gathered.
    /// </summary>
    public static async Task RunAsync<TRequest, TResponse>(
        Front front, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context,
        Action<TRequest> look, Func<TRequest, RequestParts> count, string place, Func<List<TRequest>, Answers<TResponse>, ValueTask> work)
        where TRequest : class, IMessage
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        using var gathering = new Gathering<TRequest>(GrpcLimits.StreamEntriesMax, GrpcLimits.StreamBytesMax, front.Budgets.Bodies);
        using var answers = new Answers<TResponse>(responses, context, front.Clock);
        Task reading = requests.GatherAsync(gathering, look, count, place, ended.Token);
        try
        {
            while (await gathering.TakeAsync(ended.Token) is { } batch)
                await work(batch, answers);
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
    }

    /// <summary>
    /// One call of the broker for the entries of many requests, and the response to each. <paramref name="ask"/> is not called where all entries are refused already; what it refuses as a whole is thrown.
    /// </summary>
    public static async ValueTask<TResponse[]> JoinAsync<TEntry, TOutcome, TResponse>(
        Entries<TEntry>[] requests, Func<ReadOnlyMemory<TEntry>, ValueTask<Result<TOutcome[]>>> ask, OutcomesResponse<TEntry, TOutcome, TResponse> answer)
    {
        ReadOnlyMemory<TEntry> joined = Entries<TEntry>.Join(requests);
        TOutcome[] outcomes = joined.IsEmpty ? [] : (await ask(joined)).OrRefuse();
        var responses = new TResponse[requests.Length];
        for (int index = 0, next = 0; index < responses.Length; index++)
        {
            int accepted = requests[index].Accepted.Length;
            responses[index] = answer(requests[index], outcomes.AsSpan(next, accepted));
            next += accepted;
        }
        return responses;
    }
}

/// <summary>The response to a request, of its entries and the outcomes of those that the broker was given.</summary>
internal delegate TResponse OutcomesResponse<TEntry, TOutcome, out TResponse>(Entries<TEntry> entries, ReadOnlySpan<TOutcome> outcomes);
