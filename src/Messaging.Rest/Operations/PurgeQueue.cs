using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/purge: all messages of the queue are gone, leased ones included. The body may be left out, or is an empty object.</summary>
internal sealed class PurgeQueue(Front front)
{
    public static readonly FieldTable Fields = EmptyObject.Fields;

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request)
            ?? await EmptyObject.ReadAsync(context, front);
        if (refused is not null)
            return refused;
        Result<long> purged = await broker.Queues.PurgeAsync(queue, CancellationToken.None);
        if (!purged.IsOk)
            return Problem.Of(purged.Error, queue);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteNumber("purged"u8, purged.Value);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
