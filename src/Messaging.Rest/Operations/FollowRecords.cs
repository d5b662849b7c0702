using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// A fetch that is answered with a stream: the partition's records as they come, until the client leaves or the server stops. Nothing is kept of the client but where it is; a slow one is waited
/// for piece by piece. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed class FollowRecords(Front front)
{
    private static readonly Problem TooMany = Problem.Of(ErrorCode.TooManyWaiting, $"At most {RestLimits.StreamsMax} streams of records are open at once.");

    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; go on from the last record that has come.");

    private int _open;

    public async Task<Problem?> RunAsync(HttpContext context, FetchPlace place, FetchQuery query, FetchForm form)
    {
        if (Interlocked.Increment(ref _open) > RestLimits.StreamsMax)
        {
            Interlocked.Decrement(ref _open);
            return TooMany;
        }
        try
        {
            // What can't begin is refused with a status, before the answer has begun; and the first records wait for nothing.
            Result<FetchedRecords> first = await FetchAsync(context, place, query, TimeSpan.Zero);
            if (!first.IsOk)
                return Problem.Of(first.Error, place.Topic);
            context.Response.ContentType = form == FetchForm.Events ? FetchForms.EventStream : FetchForms.JsonLines;
            context.Response.Headers.CacheControl = "no-store";
            await FollowAsync(context, place, query, first, form == FetchForm.Events);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task FollowAsync(HttpContext context, FetchPlace place, FetchQuery query, Result<FetchedRecords> fetched, bool isEvents)
    {
        while (true)
        {
            using var answer = BufferedAnswer.Rent();
            Problem? problem = fetched.IsOk ? null : Problem.Of(fetched.Error, place.Topic);
            if (fetched.IsOk)
                (place, problem) = await ComposeAsync(answer, place, query, fetched.Value, isEvents);
            // A server that stops has nothing to say: the client comes again, and goes on where it is.
            if (problem is not null && !IsStopping(fetched))
                new RecordStreamWriter(answer, isEvents).WriteError(problem);
            if (!await answer.WriteAsync(context) || problem is not null || context.RequestAborted.IsCancellationRequested)
                return;
            fetched = await FetchAsync(context, place, query, TimeSpan.FromSeconds(RestLimits.StreamKeepAliveSeconds));
        }
    }

    private static bool IsStopping(in Result<FetchedRecords> fetched) => !fetched.IsOk && fetched.Error.Code == ErrorCode.Stopping;

    private static ValueTask<Result<FetchedRecords>> FetchAsync(HttpContext context, FetchPlace place, FetchQuery query, TimeSpan wait) => place.Topics.FetchAsync(
        place.Topic, place.Partition, new FetchRequest(place.Offset, RestLimits.StreamPieceBytesMax, wait) { Isolation = query.Isolation }, context.RequestAborted);

    // The records' memory is given back before the piece goes out.
    private async ValueTask<(FetchPlace Next, Problem? Problem)> ComposeAsync(
        BufferedAnswer answer, FetchPlace place, FetchQuery query, FetchedRecords fetched, bool isEvents)
    {
        using (fetched)
        {
            var piece = new RecordPiece(fetched, query.Encoding, isEvents);
            if (!await front.Budgets.ComposeAsync(answer, fetched.Bytes, front.Clock, piece, static (answer, piece) => piece.Write(answer)))
            {
                answer.Clear();
                return (place, Overloaded);
            }
            return (place with { Offset = piece.NextOffset }, piece.Error is { } error ? Problem.Of(error) : null);
        }
    }
}
