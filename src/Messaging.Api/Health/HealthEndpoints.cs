using Messaging.Rest.Http;

namespace Messaging.Api.Health;

/// <summary>Live: the process answers. Ready: the data is recovered, and the server is not stopping.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapHealth(this WebApplication server)
    {
        RestGate gate = server.Services.GetRequiredService<RestGate>();
        CancellationToken stopping = server.Lifetime.ApplicationStopping;
        server.MapMethods("/health/live", Methods, static context => SayAsync(context, StatusCodes.Status200OK, "live"));
        server.MapMethods("/health/ready", Methods, context => (gate.Broker, stopping.IsCancellationRequested) switch
        {
            (_, true) => SayAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping"),
            (null, _) => SayAsync(context, StatusCodes.Status503ServiceUnavailable, "starting"),
            _ => SayAsync(context, StatusCodes.Status200OK, "ready"),
        });
    }

    private static Task SayAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = word.Length;
        return context.Response.WriteAsync(word, context.RequestAborted);
    }
}
