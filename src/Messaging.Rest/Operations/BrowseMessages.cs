using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/queues/{queue}/messages: what stands in the queue, a page at a time, untouched.</summary>
internal sealed class BrowseMessages(Front front)
{
    private const string State = "state", After = "after", Limit = "limit";

    public static readonly string[] QueryParameters = [State, After, Limit, EncodingParameter.Name];

    public static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask for fewer messages at once, or again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var encoding = BodyEncoding.Auto;
        MessageState? state = null;
        int limit = QueueLimits.BrowseDefault;
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? ReadState(context.Request, ref state)
            ?? QueryFields.Integer(context.Request, Limit, 1, QueueLimits.BrowseMax, ref limit)
            ?? EncodingParameter.Read(context.Request, ref encoding);
        if (refused is not null)
            return refused;
        var request = new BrowseRequest(state, context.Request.Query[After], limit);
        Result<BrowsedMessages> found = await broker.Queues.BrowseAsync(queue, request, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error, queue);
        using BufferedAnswer answer = Compose(found.Value, encoding);
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    private static Problem? ReadState(HttpRequest request, ref MessageState? state)
    {
        if (!request.Query.TryGetValue(State, out StringValues values))
            return null;
        state = values[0] switch
        {
            "ready" => MessageState.Ready,
            "leased" => MessageState.Leased,
            "delayed" => MessageState.Delayed,
            _ => null,
        };
        return state is null ? Problem.Invalid(State, "Must be ready, leased or delayed.") : null;
    }

    private static BufferedAnswer Compose(BrowsedMessages found, BodyEncoding encoding)
    {
        using (found)
        {
            BufferedAnswer answer = BufferedAnswer.Rent();
            answer.Writer.WriteStartObject();
            answer.Writer.WriteStartArray("messages"u8);
            foreach (BrowsedMessage message in found.Messages)
                MessageWriter.Write(answer.Writer, in message, encoding);
            answer.Writer.WriteEndArray();
            if (found.Damaged.Count > 0)
                WriteDamaged(answer.Writer, found.Damaged);
            if (found.NextPageToken is not null)
                answer.Writer.WriteString("nextPageToken"u8, found.NextPageToken);
            answer.Writer.WriteEndObject();
            return answer;
        }
    }

    private static void WriteDamaged(Utf8JsonWriter writer, IReadOnlyList<MessageId> damaged)
    {
        writer.WriteStartArray("damaged"u8);
        foreach (MessageId id in damaged)
        {
            writer.WriteStartObject();
            MessageWriter.WriteId(writer, id);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
