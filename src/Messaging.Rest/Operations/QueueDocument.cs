using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>The bodies of the operations that define a queue: a definition or a patch in, the queue out.</summary>
internal static class QueueDocument
{
    public static async Task<Problem?> ReadAsync(HttpContext context, Front front, QueueDefinitionParser.Box read, bool bodyIsOptional)
    {
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || (bodyIsOptional && body.Bytes.IsEmpty))
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, read, QueueDefinitionParser.Read);
        }
    }

    public static async Task AnswerAsync(HttpContext context, PutQueueResult put)
    {
        if (put.Created)
            context.Response.Headers.Location = QueuePath.Format(put.Queue.Key.Name);
        Preconditions.SetTag(context.Response, put.Queue);
        using var answer = BufferedAnswer.Rent();
        QueueWriter.Write(answer.Writer, put.Queue);
        await answer.SendAsync(context, put.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
