using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/groups/{group}/members/{member}: the member leaves for good (204), and what it had is free.</summary>
internal sealed class LeaveGroup(Front front)
{
    private const string InstanceId = "instanceId";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        MemberId member = default;
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request, InstanceId)
            ?? MemberPath.Read(context, out member);
        if (refused is not null)
            return refused;
        Result<bool> left = await groups.LeaveAsync(group, member, context.Request.Query[InstanceId], CancellationToken.None);
        if (!left.IsOk)
            return Problem.Of(left.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
