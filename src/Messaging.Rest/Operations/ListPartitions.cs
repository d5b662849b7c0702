using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}/partitions: where each partition begins and ends, and its bytes on the disk; all of them, which is 1.5 MiB at most.</summary>
internal sealed class ListPartitions(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenTopic(context, out TopicBroker topics, out TopicKey topic) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<IReadOnlyList<PartitionDescription>> found = await topics.DescribePartitionsAsync(topic, context.RequestAborted);
        return found.IsOk
            ? await ListAnswer.SendAsync(context, front, "partitions", found.Value, nextPageToken: null, PartitionWriter.Write)
            : Problem.Of(found.Error, topic);
    }
}
