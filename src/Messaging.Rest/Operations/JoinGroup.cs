using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/groups/{group}/members: the client is a member, new or again, and is told what it is to read.</summary>
internal sealed class JoinGroup(Front front)
{
    private const string Example = """{"topics":["events"]}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var read = new JoinParser.Box();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, read, JoinParser.Read);
        if (refused is not null)
            return refused;
        JoinRequest request = read.ToRequest(context.Connection.RemoteIpAddress?.ToString() ?? "");
        Result<Membership> joined = await groups.JoinAsync(group, request, read.Owned, CancellationToken.None);
        return joined.IsOk ? await MembershipAnswer.SendAsync(context, front, joined.Value) : Problem.Of(joined.Error);
    }
}
