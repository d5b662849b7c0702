using Messaging.Api.Configuration;
using Messaging.Rest;

namespace Messaging.Api.Hosting;

/// <summary>Open is open to whoever sits at this machine, and not to the web pages that they look at.</summary>
internal static class OpenMode
{
    public static bool IsOpen(this WebApplication server) => server.Services.GetRequiredService<ServerOptions>().AuthMode == AuthMode.Open;

    public static void GuardOpenMode(this WebApplication server)
    {
        if (server.IsOpen())
            server.UseBrowserGuard(anyHost: server.Services.GetRequiredService<ServerOptions>().AllowOpenBeyondLoopback);
    }
}
