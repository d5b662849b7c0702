namespace Messaging.Api.Hosting;

/// <summary>What a browser finds at the root.</summary>
internal static class Home
{
    public static void MapHome(this WebApplication server) =>
        server.MapMethods("/", ["GET", "HEAD"], static context =>
        {
            context.Response.Redirect("/swagger");
            return Task.CompletedTask;
        });
}
