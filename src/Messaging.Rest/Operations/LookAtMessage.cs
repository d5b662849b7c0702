using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/queues/{queue}/messages/{id}: one message, as it stands in its queue or in the dead-letter queue that it has gone to, untouched.</summary>
internal sealed class LookAtMessage(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var encoding = BodyEncoding.Auto;
        MessageId id = default;
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request, EncodingParameter.Name)
            ?? EncodingParameter.Read(context.Request, ref encoding)
            ?? MessagePath.ReadId(context, out id);
        if (refused is not null)
            return refused;
        Result<BrowsedMessages> found = await broker.Queues.LookAsync(queue, id, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error, queue);
        using BufferedAnswer answer = Compose(found.Value, queue, encoding);
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return BrowseMessages.Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    // Whoever reads slowly holds the answer, and not the blocks that the message stands in.
    private static BufferedAnswer Compose(BrowsedMessages found, QueueKey asked, BodyEncoding encoding)
    {
        using (found)
        {
            BufferedAnswer answer = BufferedAnswer.Rent();
            MessageWriter.Write(answer.Writer, found.Messages[0], encoding, found.Queue == asked ? null : found.Queue.Name);
            return answer;
        }
    }
}
