using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>The partition that a fetch reads, and where it begins.</summary>
internal readonly record struct FetchPlace(TopicBroker Topics, TopicKey Topic, int Partition, long Offset)
{
    /// <summary>Fetches from here as the query asks.</summary>
    public ValueTask<Result<FetchedRecords>> FetchAsync(HttpContext context, FetchQuery query)
    {
        FetchRequest request = query.ToRequest(Offset);
        // A fetch that does not wait has nothing to cancel, and Kestrel makes the token only for who asks.
        CancellationToken leaving = request.Wait == TimeSpan.Zero ? CancellationToken.None : context.RequestAborted;
        return Topics.FetchAsync(Topic, Partition, request, leaving);
    }

    /// <summary>The place that the query names; that of a time is looked for.</summary>
    public static async ValueTask<(FetchPlace Place, Problem? Problem)> FindAsync(
        HttpContext context, TopicBroker topics, TopicKey topic, int partition, FetchQuery query)
    {
        if (query.FromMs is not { } fromMs)
            return (new FetchPlace(topics, topic, partition, query.Offset), null);
        Result<IReadOnlyList<FoundOffset>> found = await topics.FindOffsetsAsync(topic, partition, fromMs, context.RequestAborted);
        return found.IsOk ? (new FetchPlace(topics, topic, partition, found.Value[0].Offset), null) : (default, Problem.Of(found.Error, topic));
    }
}
