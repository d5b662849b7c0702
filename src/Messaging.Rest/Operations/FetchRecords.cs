using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// GET /v1/topics/{topic}/partitions/{partition}/records: records from an offset or a time on, in the form that the client accepts. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed class FetchRecords(Front front)
{
    private readonly FetchPage _page = new(front);
    private readonly FetchBatches _batches = new(front);
    private readonly FollowRecords _follow = new(front);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var query = new FetchQuery();
        FetchForm form = FetchForms.Of(context.Request);
        Problem? refused = front.OpenPartition(context, out TopicBroker topics, out TopicKey topic, out int partition)
            ?? query.Read(context.Request, FetchForms.QueryParameters(form))
            ?? (form == FetchForm.Events ? query.ReadLastEvent(context.Request.Headers) : null);
        if (refused is not null)
            return refused;
        (FetchPlace place, Problem? problem) = await FetchPlace.FindAsync(context, topics, topic, partition, query);
        if (problem is not null)
            return problem;
        return form switch
        {
            FetchForm.Page => await _page.RunAsync(context, place, query),
            FetchForm.Batches => await _batches.RunAsync(context, place, query),
            FetchForm.Events or FetchForm.Lines => await _follow.RunAsync(context, place, query, form),
        };
    }
}
