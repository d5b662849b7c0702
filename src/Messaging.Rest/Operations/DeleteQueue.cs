using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/queues/{queue}: the queue and all its messages are gone (204), and so are its receipts.</summary>
internal sealed class DeleteQueue(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if (front.OpenChange(context, out MessageBroker broker, out QueueKey queue, out Precondition precondition) is { } refused)
            return refused;
        Result<bool> deleted = await broker.Queues.DeleteAsync(queue, precondition, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error, queue);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
