using Messaging.Broker.Messages;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>The message's id out of the path.</summary>
internal static class MessagePath
{
    private const string RouteValue = "id";

    public static Problem? ReadId(HttpContext context, out MessageId id) =>
        MessageId.TryParse((string)context.GetRouteValue(RouteValue)!, out id) ? null : Problem.Invalid(RouteValue, "Must be a message's id, as a send has answered it.");
}
