using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Operations;

/// <summary>Redrives over gRPC, by the generated client.</summary>
internal sealed class GrpcRedriveFront(CallInvoker connection) : IRedriveFront
{
    private OperationService.OperationServiceClient Operations => new(connection);

    public Task<string> RedriveAsync(string queue, string? destination = null, int? perSecond = null)
    {
        var request = new RedriveMessagesRequest { Queue = queue, Destination = destination ?? "" };
        if (perSecond is { } rate) request.MessagesPerSecond = rate;
        return new QueueService.QueueServiceClient(connection).RedriveMessagesAsync(request).OutcomeAsync();
    }

    public async Task<FrontRedrive?> FindAsync(string queue) => (await LatestAsync(queue)).Told;

    public async Task<string> CancelAsync(string queue) => await Operations.CancelOperationAsync(new CancelOperationRequest { Id = (await LatestAsync(queue)).Id }).OutcomeAsync();

    private async Task<(string Id, FrontRedrive? Told)> LatestAsync(string queue) =>
        (await Operations.ListOperationsAsync(new ListOperationsRequest())).Operations.Select(Of).Where(one => one.Queue == queue).Select(one => (one.Id, one.Told)).FirstOrDefault();

    private static (string Id, string Queue, FrontRedrive Told) Of(Operation operation) => (operation.Id, operation.Redrive.Queue, new FrontRedrive(
        operation.Status.ToString().ToLowerInvariant(), operation.Redrive.Destination.Length == 0 ? null : operation.Redrive.Destination, operation.Redrive.HasMessagesPerSecond ? operation.Redrive.MessagesPerSecond : null, operation.Redrive.Moved));
}
