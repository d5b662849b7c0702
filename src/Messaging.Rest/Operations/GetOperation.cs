using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/operations/{id}: how far a long operation is.</summary>
internal sealed class GetOperation(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request);
        if (refused is not null)
            return refused;
        if (OperationPath.ReadId(context, out OperationId id) is { } unknown)
            return unknown;
        Result<LongOperation> found = await broker.Operations.GetAsync(CallAccount.Of(context), space, id, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error);
        await OperationPath.AnswerAsync(context, found.Value, StatusCodes.Status200OK);
        return null;
    }
}
