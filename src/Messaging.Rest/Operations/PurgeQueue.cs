using System.Text.Json;
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
    private const string Example = "{}";

    public static readonly FieldTable Fields = new([]);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true)
            ?? await ReadAsync(context);
        if (refused is not null)
            return refused;
        Result<long> purged = await broker.PurgeAsync(queue, CancellationToken.None);
        if (!purged.IsOk)
            return Problem.Of(purged.Error, queue);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteNumber("purged"u8, purged.Value);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    private async ValueTask<Problem?> ReadAsync(HttpContext context)
    {
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front.Budget, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || body.Bytes.IsEmpty)
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, Fields, Parse);
        }
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, FieldTable fields)
    {
        uint seen = 0;
        return fields.Next(ref reader, ref seen, out _);
    }
}
