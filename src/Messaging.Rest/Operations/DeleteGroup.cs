using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/groups/{group}: the group is gone with its offsets (204), where nobody uses it.</summary>
internal sealed class DeleteGroup(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenGroup(context, out GroupBroker groups, out GroupKey group) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<bool> deleted = await groups.DeleteAsync(group, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
