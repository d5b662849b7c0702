using Messaging.Broker.Groups;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>A member's id out of the path.</summary>
internal static class MemberPath
{
    private const string RouteValue = "member";

    public static Problem? Read(HttpContext context, out MemberId member)
    {
        Problem? problem = MemberWords.Read((string)context.GetRouteValue(RouteValue)!, RouteValue, out MemberId? read);
        member = read.GetValueOrDefault();
        return problem;
    }
}
