using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Api.Tests.Hosting;

/// <summary>Somebody's endpoint, on a free loopback port: it keeps what it was sent.</summary>
internal sealed class PushedEndpoint : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly WebApplication _application;

    private PushedEndpoint(int status)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapPost("/", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _bodies.Enqueue(await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
        });
    }

    public string Url => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyCollection<string> Bodies => _bodies;

    public static async Task<PushedEndpoint> StartAsync(int status = StatusCodes.Status200OK)
    {
        var endpoint = new PushedEndpoint(status);
        await endpoint._application.StartAsync();
        return endpoint;
    }

    /// <summary>Waits until what has come is enough.</summary>
    public async Task UntilAsync(Predicate<IReadOnlyCollection<string>> isEnough, TimeSpan? atMost = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!isEnough(Bodies))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < (atMost ?? TimeSpan.FromSeconds(20)), $"{Bodies.Count} requests came, and not enough.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
