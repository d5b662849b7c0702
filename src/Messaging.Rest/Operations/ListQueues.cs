using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/queues: the namespace's queues in the order of their names, a page at a time.</summary>
internal sealed class ListQueues(Front front)
{
    public static readonly string[] QueryParameters = ["prefix", "pageSize", "pageToken"];

    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask for smaller pages, or again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        int pageSize = BrokerLimits.ListPageSizeDefault;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Integer(context.Request, "pageSize", 1, BrokerLimits.ListPageSizeMax, ref pageSize);
        if (refused is not null)
            return refused;
        IQueryCollection query = context.Request.Query;
        Result<QueuePage> page = await broker.ListQueuesAsync(
            CallAccount.Of(context), space, query["prefix"], pageSize, query["pageToken"], context.RequestAborted);
        if (!page.IsOk)
            return Problem.Of(page.Error);
        return await AnswerAsync(context, page.Value);
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, QueuePage page)
    {
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("queues"u8);
        foreach (QueueDescription queue in page.Queues)
            QueueWriter.Write(answer.Writer, queue);
        answer.Writer.WriteEndArray();
        if (page.NextPageToken is not null)
            answer.Writer.WriteString("nextPageToken"u8, page.NextPageToken);
        answer.Writer.WriteEndObject();
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
