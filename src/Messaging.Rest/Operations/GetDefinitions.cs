using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// GET /v1/definitions: all queues, topics and subscriptions of the account, of every namespace, as a document that PUT takes. It is composed whole, so that its ETag is of one moment; a
/// larger one than PUT takes is refused.
/// </summary>
internal sealed class GetDefinitions(Front front)
{
    private static readonly Problem TooLarge = Problem.Of(
        ErrorCode.DefinitionsTooLarge, $"The definitions have more than {RestLimits.DefinitionsBytesMax} bytes; GET /v1/queues, GET /v1/topics and GET /v1/topics/{{topic}}/subscriptions list them page by page.");

    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.Open(context, out MessageBroker broker, out _) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<CatalogDefinitions> found = await broker.Definitions.GetAsync(CallAccount.Of(context), context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error);
        using var answer = BufferedAnswer.Rent();
        if (!DefinitionsWriter.TryWrite(answer.Writer, found.Value))
            return TooLarge;
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        Preconditions.SetTag(context.Response, found.Value.Version);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
