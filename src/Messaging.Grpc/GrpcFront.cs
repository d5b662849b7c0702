using Messaging.Grpc.Calls;
using Messaging.Grpc.Definitions;
using Messaging.Grpc.Groups;
using Messaging.Grpc.Health;
using Messaging.Grpc.Operations;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Streams;
using Messaging.Grpc.Subscriptions;
using Messaging.Grpc.Topics;
using Messaging.Grpc.Transactions;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Grpc;

/// <summary>The front door of the gRPC front, which serves exactly api/proto, with health and reflection. The host has the ports, and what every front needs.</summary>
public static class GrpcFront
{
    /// <summary>Registers the services, over what the host and <see cref="HttpServices.AddHttpFronts"/> have registered.</summary>
    public static IServiceCollection AddGrpcFront(this IServiceCollection services)
    {
        services.AddGrpc(static grpc =>
        {
            grpc.MaxReceiveMessageSize = GrpcLimits.MessageBytesMax;
            grpc.MaxSendMessageSize = null;
            grpc.EnableDetailedErrors = false;
            grpc.CompressionProviders.Clear();
            grpc.CompressionProviders.Add(new BoundedGzip());
            grpc.ResponseCompressionAlgorithm = BoundedGzip.Name;
            grpc.Interceptors.Add<CallInterceptor>();
        });
        services.AddGrpcReflection();
        return services
            .AddSingleton<OpenStreams>()
            .AddHostedService(static services => services.GetRequiredService<OpenStreams>())
            .AddSingleton<Front>()
            .AddSingleton<CallInterceptor>()
            .AddSingleton<HealthService>()
            .AddSingleton<QueueService>()
            .AddSingleton<TopicService>()
            .AddSingleton<GroupService>()
            .AddSingleton<SubscriptionService>()
            .AddSingleton<TransactionService>()
            .AddSingleton<OperationService>()
            .AddSingleton<DefinitionService>();
    }

    /// <summary>Maps the services of api/proto, grpc.health.v1 and reflection.</summary>
    public static void MapGrpcFront(this IEndpointRouteBuilder endpoints)
    {
        var guard = ActivatorUtilities.CreateInstance<WireGuard>(endpoints.ServiceProvider);
        GrpcServiceEndpointConventionBuilder[] services =
        [
            endpoints.MapGrpcService<QueueService>(),
            endpoints.MapGrpcService<TopicService>(),
            endpoints.MapGrpcService<GroupService>(),
            endpoints.MapGrpcService<SubscriptionService>(),
            endpoints.MapGrpcService<TransactionService>(),
            endpoints.MapGrpcService<OperationService>(),
            endpoints.MapGrpcService<DefinitionService>(),
            endpoints.MapGrpcService<HealthService>(),
        ];
        foreach (GrpcServiceEndpointConventionBuilder service in services)
            service.Add(guard.Around);
        endpoints.MapGrpcReflectionService().Add(guard.Around);
    }
}
