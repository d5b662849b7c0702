using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/groups/{group}/offsets?topic=: the group forgets what it has committed of the topic, or of one partition (204).</summary>
internal sealed class DeleteGroupOffsets(Front front)
{
    private const string Partition = "partition";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        TopicName? topic = null;
        int partition = -1;
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request, TopicParameter.Name, Partition)
            ?? TopicParameter.Read(context.Request, out topic)
            ?? QueryFields.Integer(context.Request, Partition, 0, int.MaxValue, ref partition);
        if (refused is not null)
            return refused;
        if (topic is not { } named)
            return Problem.Of(FrontCode.MissingField, "The call says which topic's offsets are meant; all of a group's go with the group.", TopicParameter.Name);
        Result<bool> deleted = await groups.DeleteOffsetsAsync(group, named, partition < 0 ? null : partition, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
