using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/groups/{group}: members, what each has, committed offsets and lag, of one moment.</summary>
internal sealed class DescribeGroup(Front front)
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenGroup(context, out GroupBroker groups, out GroupKey group) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<GroupDescription> found = await groups.DescribeAsync(group, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error);
        using var answer = BufferedAnswer.Rent();
        GroupWriter.Write(answer.Writer, found.Value);
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
