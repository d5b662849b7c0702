using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/groups/{group}/members?instanceId=: the static member of that id is sent away, whoever has it (204).</summary>
internal sealed class RemoveInstance(Front front)
{
    private const string InstanceId = "instanceId";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request, InstanceId);
        if (refused is not null)
            return refused;
        string instanceId = context.Request.Query[InstanceId].ToString();
        if (instanceId.Length == 0)
            return Problem.Of(FrontCode.MissingField, "The call says by instanceId which static member is meant; others leave by their own ids.", InstanceId);
        Result<bool> removed = await groups.RemoveInstanceAsync(group, instanceId, CancellationToken.None);
        if (!removed.IsOk)
            return Problem.Of(removed.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
