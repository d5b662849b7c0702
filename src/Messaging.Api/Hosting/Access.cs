using Messaging.Api.Configuration;
using Messaging.Http;
using Messaging.Rest;

namespace Messaging.Api.Hosting;

/// <summary>
/// Who may call. Open is open to whoever sits at this machine, and not to the web pages that they look at. Closed asks for a key; and since browsers send one by
/// themselves once its user has typed it, pages of other sites are refused there too, while the server may have any name.
/// </summary>
internal static class Access
{
    public static void AddAccess(this IServiceCollection services) => services.AddSingleton(static provider =>
    {
        ServerOptions options = provider.GetRequiredService<ServerOptions>();
        return new AccessKeyRing(provider.GetRequiredService<BrokerGate>(), options.AuthMode == AuthMode.Closed, options.AccessKey);
    });

    public static void GuardFromBrowsers(this WebApplication server)
    {
        ServerOptions options = server.Services.GetRequiredService<ServerOptions>();
        server.UseBrowserGuard(anyHost: options.AllowOpenBeyondLoopback || options.AuthMode == AuthMode.Closed);
    }
}
