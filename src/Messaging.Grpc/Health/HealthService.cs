using Grpc.Core;
using Grpc.Health.V1;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;
using Contract = Grpc.Health.V1.Health;

namespace Messaging.Grpc.Health;

/// <summary>
/// grpc.health.v1: the server, by the empty name, and each service of messaging.v1 serve once the data is recovered and until the server stops. Needs no key, as health over HTTP does not. One for the process, thread-safe.
/// </summary>
internal sealed class HealthService(Front front, OpenStreams streams, BrokerGate gate) : Contract.HealthBase
{
    private static readonly HashSet<string> Names = new(V1Services.Names.Append(""), StringComparer.Ordinal);

    private ServingStatus Now => gate.Broker is not null && !front.Stopping.IsCancellationRequested ? ServingStatus.Serving : ServingStatus.NotServing;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Names.Contains(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Now })
        : throw Refusal.Of(StatusCode.NotFound, "serviceNotFound", "The server has no such service.", "service");

    /// <summary>What it is now, and what it becomes; a service that is not there stays unknown, as the protocol wants it.</summary>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        streams.Add(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        if (!Names.Contains(request.Service))
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.ServiceUnknown });
        else if (Now != ServingStatus.Serving)
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
        await gate.Opened.WaitAsync(ended.Token);
        if (Names.Contains(request.Service))
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.Serving });
        await Task.Delay(Timeout.InfiniteTimeSpan, front.Clock, ended.Token);
    }
}
