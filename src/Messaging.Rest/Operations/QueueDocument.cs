using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>The answer of the operations that define a queue.</summary>
internal static class QueueDocument
{
    public static async Task AnswerAsync(HttpContext context, PutQueueResult put)
    {
        if (put.Created)
            context.Response.Headers.Location = ResourcePath.Queue.Format(put.Queue.Key.Name.Value);
        Preconditions.SetTag(context.Response, put.Queue.Version);
        using var answer = BufferedAnswer.Rent();
        QueueWriter.Write(answer.Writer, put.Queue);
        await answer.SendAsync(context, put.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
