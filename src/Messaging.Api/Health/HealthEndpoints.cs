using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Http;

namespace Messaging.Api.Health;

/// <summary>
/// Live: the process answers. Ready: the data is recovered, and the server is not stopping; behind it stands how many blocks of messages were
/// found damaged since the start, where there are any, and why definitions can't change, where they can't.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapHealth(this WebApplication server)
    {
        BrokerGate gate = server.Services.GetRequiredService<BrokerGate>();
        CancellationToken stopping = server.Lifetime.ApplicationStopping;
        server.MapMethods("/health/live", Methods, static context => SayAsync(context, StatusCodes.Status200OK, "live"));
        server.MapMethods("/health/ready", Methods, context => (gate.Broker, stopping.IsCancellationRequested) switch
        {
            (_, true) => SayAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping"),
            (null, _) => SayAsync(context, StatusCodes.Status503ServiceUnavailable, "starting"),
            (var broker, _) => SayAsync(context, StatusCodes.Status200OK, Ready(broker)),
        });
    }

    // Neither is a reason to send nobody here any more: everything else is served. Both are one to look.
    private static string Ready(MessageBroker broker) => (broker.DamagedBlocks == 0 ? "ready" : $"ready; damaged blocks: {broker.DamagedBlocks}") + broker.CatalogStatus switch
    {
        CatalogStatus.Available => "",
        CatalogStatus.Unreachable => "; the catalog can't be reached",
        CatalogStatus.Conflicting => "; the catalog must not be used, the log says why",
    };

    private static Task SayAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = word.Length;
        return context.Response.WriteAsync(word, context.RequestAborted);
    }
}
