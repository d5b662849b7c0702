using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/topics/{topic}/partitions/{partition}/records?before=: what stands below an offset is gone, or all that can be read; answers where the partition begins and ends now.</summary>
internal sealed class DeleteRecords(Front front)
{
    private const string Before = "before";

    public static readonly string[] QueryParameters = [Before];

    private static readonly Problem Missing = Problem.Of(FrontCode.MissingField, "Below which offset the records go, or latest for all of them.", Before);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        long before = 0;
        Problem? refused = front.OpenPartition(context, out TopicBroker topics, out TopicKey topic, out int partition)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? (context.Request.Query.ContainsKey(Before) ? null : Missing)
            ?? OffsetParameter.Read(context.Request, Before, takesEarliest: false, ref before);
        if (refused is not null)
            return refused;
        Result<PartitionOffsets> deleted = await topics.DeleteRecordsAsync(topic, partition, before, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error, topic);
        using var answer = BufferedAnswer.Rent();
        PartitionWriter.Write(answer.Writer, partition, deleted.Value);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
