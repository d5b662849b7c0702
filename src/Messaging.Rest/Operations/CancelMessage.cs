using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/queues/{queue}/messages/{id}: the message is gone (204) before anybody had it; one that is leased stays (409).</summary>
internal sealed class CancelMessage(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        MessageId id = default;
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request)
            ?? MessagePath.ReadId(context, out id);
        if (refused is not null)
            return refused;
        Result<bool> cancelled = await broker.Queues.CancelAsync(queue, id, CancellationToken.None);
        if (!cancelled.IsOk)
            return Problem.Of(cancelled.Error, queue);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
