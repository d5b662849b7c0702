using System.Text;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}/offsets: of each partition, or of one, its first or last offset, or that of a time.</summary>
internal sealed class FindOffsets(Front front)
{
    private const string At = "at", Partition = "partition";

    public static readonly string[] QueryParameters = [At, Partition];

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        long at = FetchRequest.Latest;
        int partition = 0;
        Problem? refused = front.OpenTopic(context, out TopicBroker topics, out TopicKey topic)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? ReadAt(context.Request, ref at)
            ?? QueryFields.Integer(context.Request, Partition, 0, TopicLimits.PartitionsMax - 1, ref partition);
        if (refused is not null)
            return refused;
        int? only = context.Request.Query.ContainsKey(Partition) ? partition : null;
        Result<IReadOnlyList<FoundOffset>> found = await topics.FindOffsetsAsync(topic, only, at, context.RequestAborted);
        return found.IsOk
            ? await ListAnswer.SendAsync(context, front, "offsets", found.Value, nextPageToken: null, PartitionWriter.Write)
            : Problem.Of(found.Error, topic);
    }

    private static Problem? ReadAt(HttpRequest request, ref long at)
    {
        if (!request.Query.TryGetValue(At, out StringValues values) || OffsetParameter.TryReadEnd(values[0], out at))
            return null;
        bool isTime = Timestamps.TryParse(Encoding.UTF8.GetBytes(values[0] ?? ""), out DateTimeOffset time);
        // No record is older than 1970.
        at = Math.Max(0, time.ToUnixTimeMilliseconds());
        return isTime ? null : Problem.Invalid(At, "Must be earliest, latest, or a time of RFC 3339, such as 2026-01-31T09:05:00.250Z.");
    }
}
