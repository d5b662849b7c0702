using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Reflection;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Definitions;
using Messaging.Grpc.Groups;
using Messaging.Grpc.Health;
using Messaging.Grpc.Operations;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Subscriptions;
using Messaging.Grpc.Topics;
using Messaging.Grpc.Transactions;
using Messaging.Grpc.Wire;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Messaging.Grpc;

/// <summary>The front door of the gRPC front, which serves exactly api/proto, with health and reflection. The host has the ports, and what every front needs.</summary>
public static class GrpcFront
{
    /// <summary>Registers the services, over what the host and <see cref="HttpServices.AddHttpFronts"/> have registered.</summary>
    public static IServiceCollection AddGrpcFront(this IServiceCollection services)
    {
        IGrpcServerBuilder grpc = services.AddGrpc(static grpc =>
        {
            grpc.MaxSendMessageSize = null;
            grpc.EnableDetailedErrors = false;
            // Each service has its own, and this in its place otherwise.
            grpc.MaxReceiveMessageSize = GrpcLimits.SmallMessageBytesMax;
            grpc.CompressionProviders.Clear();
            grpc.CompressionProviders.Add(new BoundedGzip(GrpcLimits.SmallMessageBytesMax));
            grpc.ResponseCompressionAlgorithm = BoundedGzip.Name;
        });
        services
            .AddSingleton(new ReflectionServiceImpl(V1Services.Served))
            .AddSingleton(new ReflectionV1ServiceImpl(V1Services.Served));
        // Instead of the package's discovery.
        services.RemoveAll(typeof(IServiceMethodProvider<>));
        grpc.Serve<QueueService>(V1.QueueService.BindService, GrpcLimits.MessageBytesMax)
            .Serve<TopicService>(V1.TopicService.BindService, GrpcLimits.MessageBytesMax)
            .Serve<GroupService>(V1.GroupService.BindService, GrpcLimits.GroupMessageBytesMax)
            .Serve<SubscriptionService>(V1.SubscriptionService.BindService, GrpcLimits.SubscriptionMessageBytesMax)
            .Serve<TransactionService>(V1.TransactionService.BindService, GrpcLimits.MessageBytesMax)
            .Serve<OperationService>(V1.OperationService.BindService, GrpcLimits.SmallMessageBytesMax)
            .Serve<DefinitionService>(V1.DefinitionService.BindService, GrpcLimits.MessageBytesMax)
            .Serve<HealthService>(global::Grpc.Health.V1.Health.BindService, GrpcLimits.SmallMessageBytesMax)
            .Serve<ReflectionV1ServiceImpl>(global::Grpc.Reflection.V1.ServerReflection.BindService, GrpcLimits.SmallMessageBytesMax)
            // By its older name, which many tools know.
            .Serve<ReflectionServiceImpl>(global::Grpc.Reflection.V1Alpha.ServerReflection.BindService, GrpcLimits.SmallMessageBytesMax);
        return services
            .AddSingleton<OpenStreams>()
            .AddHostedService(static services => services.GetRequiredService<OpenStreams>())
            .AddSingleton<Front>()
            .AddSingleton<CallFaults>();
    }

    /// <summary>Answers the calls of methods that <see cref="MapGrpcFront"/> maps, before routing is asked: <c>UseRouting</c> follows.</summary>
    public static void UseGrpcMethods(this IApplicationBuilder app)
    {
        // The first call comes when all is mapped.
        var routes = new Lazy<MethodRoutes>(() => new MethodRoutes(app.ApplicationServices.GetRequiredService<EndpointDataSource>()));
        app.Use((HttpContext context, RequestDelegate next) => (routes.Value.Find(context.Request) ?? next)(context));
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
        ];
        GrpcServiceEndpointConventionBuilder[] open =
        [
            endpoints.MapGrpcService<HealthService>(),
            endpoints.MapGrpcService<ReflectionV1ServiceImpl>(),
            endpoints.MapGrpcService<ReflectionServiceImpl>(),
        ];
        foreach (GrpcServiceEndpointConventionBuilder service in services)
            service.Add(guard.Around);
        foreach (GrpcServiceEndpointConventionBuilder service in open)
            service.Add(guard.AroundOpen);
    }

    // One object answers all calls of a service, in messages of so many bytes at most.
    private static IGrpcServerBuilder Serve<TService>(this IGrpcServerBuilder grpc, Action<ServiceBinderBase, TService> bind, int messageBytesMax)
        where TService : class
    {
        grpc.Services.TryAddSingleton<TService>();
        grpc.Services.AddSingleton<IServiceMethodProvider<TService>>(
            services => new ServiceMethods<TService>(services.GetRequiredService<TService>(), bind, services.GetRequiredService<CallFaults>(), services.GetRequiredService<BufferBudgets>().Bodies));
        return grpc.AddServiceOptions<TService>(options =>
        {
            options.MaxReceiveMessageSize = messageBytesMax;
            options.CompressionProviders = [new BoundedGzip(messageBytesMax)];
        });
    }
}
