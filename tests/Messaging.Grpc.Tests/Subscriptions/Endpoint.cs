using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Grpc.Tests.Subscriptions;

/// <summary>Somebody's endpoint, on a free loopback port: takes whatever is sent, and hands it on.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    private readonly Channel<string> _bodies = Channel.CreateUnbounded<string>();
    private readonly WebApplication _application;

    private Endpoint()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapPost("/", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await _bodies.Writer.WriteAsync(await reader.ReadToEndAsync());
        });
    }

    public string Url => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";

    public static async Task<Endpoint> StartAsync()
    {
        var endpoint = new Endpoint();
        await endpoint._application.StartAsync();
        return endpoint;
    }

    /// <summary>The next body that comes.</summary>
    public async Task<string> NextAsync() => await _bodies.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
