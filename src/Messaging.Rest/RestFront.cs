using Messaging.Http;
using Messaging.Rest.Documents;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Rest;

/// <summary>
/// The front door of the REST front: <see cref="MapRest"/> maps all that it serves, over what <see cref="HttpServices.AddHttpFronts"/> and the host have registered.
/// </summary>
public static class RestFront
{
    /// <summary>
    /// Refuses web pages of other sites on every path, Swagger UI, health and the document included: one rule, no exceptions to remember. <paramref name="anyHost"/>:
    /// the server is reached by other names than this machine's own.
    /// </summary>
    public static void UseBrowserGuard(this IApplicationBuilder app, bool anyHost)
    {
        var guard = new BrowserGuard(anyHost);
        app.Use((HttpContext context, RequestDelegate next) =>
            guard.Check(context.Request) is { } refused ? ProblemAnswer.WriteAsync(context, refused) : next(context));
    }

    /// <summary>Maps the operations of openapi.yaml, the document itself, Swagger UI, and a problem for every other path.</summary>
    public static void MapRest(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        var front = new Front(services.GetRequiredService<BrokerGate>(), services.GetRequiredService<BufferBudgets>(), services.GetRequiredService<TimeProvider>());
        AccessKeyRing ring = services.GetRequiredService<AccessKeyRing>();
        BasicAuthentication? access = ring.IsClosed ? new BasicAuthentication(new BasicCredentials(ring), services.GetRequiredService<BrokerGate>()) : null;
        var routes = new RouteTable(endpoints, services.GetRequiredService<ILoggerFactory>(), access);

        routes.Serve("PUT", "/v1/queues/{queue}", new PutQueue(front).InvokeAsync);
        routes.Serve("PATCH", "/v1/queues/{queue}", new PatchQueue(front).InvokeAsync);
        routes.Serve("GET", "/v1/queues/{queue}", new GetQueue(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/queues/{queue}", new DeleteQueue(front).InvokeAsync);
        routes.Serve("GET", "/v1/queues", new ListQueues(front).InvokeAsync);
        routes.Serve("GET", "/v1/definitions", new GetDefinitions(front).InvokeAsync);
        routes.Serve("PUT", "/v1/definitions", new PutDefinitions(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/messages", new SendMessages(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/messages/raw", new SendRawMessage(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/receive", new ReceiveMessages(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/acknowledge", new AcknowledgeMessages(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/extend", new ExtendLeases(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/release", new ReleaseMessages(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/reject", new RejectMessages(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/redrive", new RedriveMessages(front).InvokeAsync);
        routes.Serve("GET", "/v1/operations", new ListOperations(front).InvokeAsync);
        routes.Serve("GET", "/v1/operations/{id}", new GetOperation(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/operations/{id}", new CancelOperation(front).InvokeAsync);
        routes.Serve("GET", "/v1/queues/{queue}/messages", new BrowseMessages(front).InvokeAsync);
        routes.Serve("GET", "/v1/queues/{queue}/messages/{id}", new LookAtMessage(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/queues/{queue}/messages/{id}", new CancelMessage(front).InvokeAsync);
        routes.Serve("POST", "/v1/queues/{queue}/purge", new PurgeQueue(front).InvokeAsync);
        routes.Serve("PUT", "/v1/topics/{topic}", new PutTopic(front).InvokeAsync);
        routes.Serve("PATCH", "/v1/topics/{topic}", new PatchTopic(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}", new GetTopic(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/topics/{topic}", new DeleteTopic(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics", new ListTopics(front).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/records", new PublishRecords(front).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/records/raw", new PublishRawRecord(front).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/partitions/{partition}/records", new PublishToPartition(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/partitions/{partition}/records", new FetchRecords(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/topics/{topic}/partitions/{partition}/records", new DeleteRecords(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/partitions", new ListPartitions(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/offsets", new FindOffsets(front).InvokeAsync);
        routes.Serve("PUT", "/v1/topics/{topic}/subscriptions/{subscription}", new PutSubscription(front).InvokeAsync);
        routes.Serve("PATCH", "/v1/topics/{topic}/subscriptions/{subscription}", new PatchSubscription(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/subscriptions/{subscription}", new GetSubscription(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/topics/{topic}/subscriptions/{subscription}", new DeleteSubscription(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/subscriptions", new ListSubscriptions(front).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/subscriptions/{subscription}/confirm", new ConfirmSubscription(front).InvokeAsync);
        routes.Serve("GET", "/v1/topics/{topic}/subscriptions/{subscription}/deliveries", new ListDeliveries(front).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/subscriptions/{subscription}/pause", new PauseSubscription(front, isPaused: true).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/subscriptions/{subscription}/resume", new PauseSubscription(front, isPaused: false).InvokeAsync);
        routes.Serve("POST", "/v1/topics/{topic}/subscriptions/{subscription}/replay", new ReplaySubscription(front).StartAsync);
        routes.Serve("DELETE", "/v1/topics/{topic}/subscriptions/{subscription}/replay", new ReplaySubscription(front).EndAsync);
        routes.Serve("POST", "/v1/groups/{group}/members", new JoinGroup(front).InvokeAsync);
        routes.Serve("POST", "/v1/groups/{group}/members/{member}/heartbeat", new HeartbeatMember(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/groups/{group}/members/{member}", new LeaveGroup(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/groups/{group}/members", new RemoveInstance(front).InvokeAsync);
        routes.Serve("POST", "/v1/groups/{group}/fetch", new FetchForGroup(front).InvokeAsync);
        routes.Serve("POST", "/v1/groups/{group}/commit", new CommitOffsets(front).InvokeAsync);
        routes.Serve("POST", "/v1/groups/{group}/release", new ReleaseRecords(front).InvokeAsync);
        routes.Serve("GET", "/v1/groups/{group}/offsets", new GetGroupOffsets(front).InvokeAsync);
        routes.Serve("PUT", "/v1/groups/{group}/offsets", new PutGroupOffsets(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/groups/{group}/offsets", new DeleteGroupOffsets(front).InvokeAsync);
        routes.Serve("POST", "/v1/groups/{group}/reset", new ResetGroup(front).InvokeAsync);
        routes.Serve("GET", "/v1/groups", new ListGroups(front).InvokeAsync);
        routes.Serve("GET", "/v1/groups/{group}", new DescribeGroup(front).InvokeAsync);
        routes.Serve("DELETE", "/v1/groups/{group}", new DeleteGroup(front).InvokeAsync);
        routes.Serve("POST", "/v1/producers", new InitProducer(front).InvokeAsync);
        routes.Serve("POST", "/v1/producers/{producer}/transactions", new BeginTransaction(front).InvokeAsync);
        routes.Serve("POST", "/v1/producers/{producer}/transactions/{transaction}/commit", new EndTransaction(front, isCommit: true).InvokeAsync);
        routes.Serve("POST", "/v1/producers/{producer}/transactions/{transaction}/abort", new EndTransaction(front, isCommit: false).InvokeAsync);
        routes.Serve("POST", "/v1/transactions", new RunTransaction(front).InvokeAsync);
        routes.Serve("POST", "/v1/reset", new ResetServer(front, isOpen: !ring.IsClosed).InvokeAsync);
        foreach (LaterRoute later in LaterRoutes.All)
            routes.Refuse(later.Method, later.Path, Problem.NotSupported(later.Detail));
        routes.RefuseEverythingElse();

        endpoints.MapOpenApiDocument();
        endpoints.MapSwaggerPage();
    }
}
