using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Operations;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Operations;

/// <summary>Long operations, as operation_service.proto says. One for the process, thread-safe.</summary>
internal sealed class OperationService(Front front) : V1.OperationService.OperationServiceBase
{
    public override async Task<V1.ListOperationsResponse> ListOperations(V1.ListOperationsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page);
        OperationPage page = (await call.Broker.Operations.ListAsync(call.Account, call.Space, size, token, context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        return LentAnswer.Placed(context, front, new V1.ListOperationsResponse { Operations = { page.Operations.Select(OperationWriter.Of) }, NextPageToken = page.NextPageToken ?? "" });
    }

    public override async Task<V1.GetOperationResponse> GetOperation(V1.GetOperationRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        LongOperation operation = (await call.Broker.Operations.GetAsync(call.Account, call.Space, ReadId(request.Id), context.CancellationToken)).OrRefuse();
        return new V1.GetOperationResponse { Operation = OperationWriter.Of(operation) };
    }

    public override async Task<V1.CancelOperationResponse> CancelOperation(V1.CancelOperationRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        LongOperation operation = (await call.Broker.Operations.CancelAsync(call.Account, call.Space, ReadId(request.Id), CancellationToken.None)).OrRefuse();
        return new V1.CancelOperationResponse { Operation = OperationWriter.Of(operation) };
    }

    // What can't be an id names no operation.
    private static OperationId ReadId(string text) => OperationId.TryParse(text, out OperationId id)
        ? id
        : throw Refusal.Of(new BrokerError(ErrorCode.OperationNotFound, "There is no operation of this id."));
}
