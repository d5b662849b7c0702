using System.Reflection;
using Messaging.Benchmarks.Baselines;

namespace Messaging.Benchmarks.Processes;

/// <summary><see cref="BareEndpoint"/> in a process of its own: this binary once more.</summary>
internal sealed class BareEndpointProcess : HttpProcess
{
    private BareEndpointProcess(int port)
        : base(Assembly.GetExecutingAssembly().Location, AppContext.BaseDirectory, port, BareEndpoint.Argument, $"http://127.0.0.1:{port}")
    {
    }

    public static async Task<BareEndpointProcess> StartAsync()
    {
        var endpoint = new BareEndpointProcess(FreePort());
        await endpoint.UntilReadyAsync();
        return endpoint;
    }
}
