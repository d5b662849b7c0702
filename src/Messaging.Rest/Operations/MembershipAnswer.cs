using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>What a member is told, with its join and with every heartbeat.</summary>
internal static class MembershipAnswer
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask again later.");

    public static async Task<Problem?> SendAsync(HttpContext context, Front front, Membership member)
    {
        using var answer = BufferedAnswer.Rent();
        GroupWriter.Write(answer.Writer, member);
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
