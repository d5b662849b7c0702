using Messaging.Broker;
using Messaging.Broker.Operations;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>An operation's id out of the path, and back. What can't be an id names no operation.</summary>
internal static class OperationPath
{
    private const string RouteValue = "id";
    private const string Prefix = "/v1/operations/";

    public static Problem? ReadId(HttpContext context, out OperationId id)
    {
        string text = (string)context.GetRouteValue(RouteValue)!;
        if (OperationId.TryParse(text, out id))
            return null;
        string shown = text.Length <= RestLimits.EchoCharactersMax ? text : text[..RestLimits.EchoCharactersMax] + "...";
        return Problem.Of(ErrorCode.OperationNotFound, $"There is no operation \"{shown}\".");
    }

    public static string Format(OperationId id) => Prefix + id;

    public static async Task AnswerAsync(HttpContext context, LongOperation operation, int status)
    {
        using var answer = BufferedAnswer.Rent();
        OperationWriter.Write(answer.Writer, operation);
        await answer.SendAsync(context, status);
    }
}
