using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/groups/{group}/members/{member}/heartbeat: the member is there, says what it has, and is told what it is to have.</summary>
internal sealed class HeartbeatMember(Front front)
{
    private const string Example = """{"generation":1}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var read = new HeartbeatParser.Box();
        MemberId member = default;
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? MemberPath.Read(context, out member)
            ?? await JsonBody.ReadAsync(context, front, Example, read, HeartbeatParser.Read);
        if (refused is not null)
            return refused;
        var request = new HeartbeatRequest(member, read.Generation, read.Owned, read.InstanceId);
        Result<Membership> told = await groups.HeartbeatAsync(group, request, CancellationToken.None);
        return told.IsOk ? await MembershipAnswer.SendAsync(context, front, told.Value) : Problem.Of(told.Error);
    }
}
