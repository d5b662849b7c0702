using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/groups/{group}/offsets: what the group has committed, with its lag; of all topics or of one.</summary>
internal sealed class GetGroupOffsets(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        TopicName? topic = null;
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request, TopicParameter.Name)
            ?? TopicParameter.Read(context.Request, out topic);
        if (refused is not null)
            return refused;
        Result<IReadOnlyList<CommittedOffset>> found = await groups.GetOffsetsAsync(group, topic, context.RequestAborted);
        return found.IsOk
            ? await ListAnswer.SendAsync(context, front, "offsets", found.Value, nextPageToken: null, GroupWriter.Write)
            : Problem.Of(found.Error);
    }
}
