using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>A fetch that is answered with one page of JSON, waiting for it as long as asked. A broker that stops answers who waits with what there is. Hot path.</summary>
internal sealed class FetchPage(Front front)
{
    private static readonly Problem Overloaded = Problem.Of(
        ErrorCode.Overloaded, "Too many large answers are being read; ask for less by maxBytes or limit, for base64 by encoding, or again later.");

    public async Task<Problem?> RunAsync(HttpContext context, FetchPlace place, FetchQuery query)
    {
        Result<FetchedRecords> fetched = await place.FetchAsync(context, query);
        if (!fetched.IsOk)
            return Problem.Of(fetched.Error, place.Topic);
        using var answer = BufferedAnswer.Rent();
        if (await ComposeAsync(answer, fetched.Value, query) is { } problem)
            return problem;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    // The records' memory is given back before the answer goes out: a client that reads slowly holds the answer only.
    private async ValueTask<Problem?> ComposeAsync(BufferedAnswer answer, FetchedRecords fetched, FetchQuery query)
    {
        using (fetched)
        {
            var page = new RecordPage(fetched, query.Limit, query.Encoding);
            bool hasPlace = await front.Budgets.ComposeAsync(answer, fetched.Bytes, front.Clock, page, static (answer, page) => page.Write(answer.Writer));
            if (page.Error is { } error && page.Count == 0)
                return Problem.Of(error);
            return hasPlace ? null : Overloaded;
        }
    }
}
