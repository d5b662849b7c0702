using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/queues/{queue}: the definition, its times, and how many messages are in which state.</summary>
internal sealed class GetQueue(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenQueue(context, out MessageBroker broker, out QueueKey queue) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<QueueDescription> found = await broker.Queues.GetAsync(queue, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error, queue);
        Preconditions.SetTag(context.Response, found.Value.Version);
        using var answer = BufferedAnswer.Rent();
        QueueWriter.Write(answer.Writer, found.Value);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
