using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/reset: all queues, topics and subscriptions are gone, whoever's they are; for tests that begin with an empty server. Only while everyone who reaches the server may do everything
/// anyway. The body may be left out, or is an empty object.
/// </summary>
internal sealed class ResetServer(Front front, bool isOpen)
{
    public static readonly FieldTable Fields = EmptyObject.Fields;

    private static readonly Problem Forbidden = Problem.Of(FrontCode.Forbidden, "A server is reset only while it is open to everyone who reaches it.");

    private static readonly Problem OfAllNamespaces = Problem.Invalid(RequestHeaders.Namespace, "A reset is of all namespaces: leave the header out.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if (!isOpen)
            return Forbidden;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName _)
            ?? (context.Request.Headers.ContainsKey(RequestHeaders.Namespace) ? OfAllNamespaces : null)
            ?? QueryFields.Check(context.Request)
            ?? await EmptyObject.ReadAsync(context, front);
        if (refused is not null)
            return refused;
        Result<ResetCounts> gone = await broker.Definitions.ResetAsync(CancellationToken.None);
        if (!gone.IsOk)
            return Problem.Of(gone.Error);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteNumber("queues"u8, gone.Value.Queues);
        answer.Writer.WriteNumber("topics"u8, gone.Value.Topics);
        answer.Writer.WriteNumber("subscriptions"u8, gone.Value.Subscriptions);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
