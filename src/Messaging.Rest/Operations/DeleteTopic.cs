using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/topics/{topic}: the topic and all its records are gone (204).</summary>
internal sealed class DeleteTopic(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if (front.OpenChange(context, out TopicBroker topics, out TopicKey topic, out Precondition precondition) is { } refused)
            return refused;
        Result<bool> deleted = await topics.DeleteAsync(topic, precondition, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error, topic);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
