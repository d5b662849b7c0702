using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/operations: the namespace's long operations, the newest first, a page at a time.</summary>
internal sealed class ListOperations(Front front)
{
    public static readonly string[] QueryParameters = ["pageSize", "pageToken"];

    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask for smaller pages, or again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        int pageSize = BrokerLimits.ListPageSizeDefault;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Integer(context.Request, "pageSize", 1, BrokerLimits.ListPageSizeMax, ref pageSize);
        if (refused is not null)
            return refused;
        Result<OperationPage> page = await broker.ListOperationsAsync(CallAccount.Of(context), space, pageSize, context.Request.Query["pageToken"], context.RequestAborted);
        if (!page.IsOk)
            return Problem.Of(page.Error);
        return await AnswerAsync(context, page.Value);
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, OperationPage page)
    {
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("operations"u8);
        foreach (LongOperation operation in page.Operations)
            OperationWriter.Write(answer.Writer, operation);
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
