using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/operations/{id}: the operation ends soon (202), or has ended before (204). What it has done stays done.</summary>
internal sealed class CancelOperation(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request);
        if (refused is not null)
            return refused;
        if (OperationPath.ReadId(context, out OperationId id) is { } unknown)
            return unknown;
        Result<LongOperation> cancelled = await broker.Operations.CancelAsync(CallAccount.Of(context), space, id, CancellationToken.None);
        if (!cancelled.IsOk)
            return Problem.Of(cancelled.Error);
        if (cancelled.Value.EndedMs > 0)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await OperationPath.AnswerAsync(context, cancelled.Value, StatusCodes.Status202Accepted);
        return null;
    }
}
