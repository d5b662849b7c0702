using Messaging.Api.Configuration;
using Messaging.Rest;

namespace Messaging.Api.Hosting;

/// <summary>Open is open to whoever sits at this machine, and not to the web pages that they look at.</summary>
internal static class OpenMode
{
    public static void GuardOpenMode(this WebApplication server)
    {
        ServerOptions options = server.Services.GetRequiredService<ServerOptions>();
        if (options.AuthMode == AuthMode.Open)
            server.UseBrowserGuard(anyHost: options.AllowOpenBeyondLoopback);
    }
}
