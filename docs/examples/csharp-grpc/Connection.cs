using System.Text;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace Orders;

/// <summary>Where the server is, how it is reached, what every call says of its caller, and when one is tried again.</summary>
internal static class Connection
{
    private const double BackOffSecondsMax = 10;

    // What trying again does not change. Everything else passes: no server, one that stops, one without room.
    private static readonly StatusCode[] Final =
    [
        StatusCode.NotFound, StatusCode.InvalidArgument, StatusCode.FailedPrecondition, StatusCode.Unauthenticated, StatusCode.PermissionDenied, StatusCode.Unimplemented,
    ];

    /// <summary>A channel, which is for the whole program.</summary>
    public static GrpcChannel Open() => GrpcChannel.ForAddress("http://" + (Environment.GetEnvironmentVariable("MESSAGING_GRPC") ?? "127.0.0.1:8081"), new GrpcChannelOptions
    {
        // A message may be larger than the 4 MiB that a client takes unless it is told otherwise.
        MaxReceiveMessageSize = null,
        // A server that restarts is back in seconds, where the channel by itself would pause for up to two minutes, in which every call fails.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(200),
        MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        // A server that has gone without a word is noticed by a ping that nobody answers.
        HttpHandler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(30), KeepAlivePingTimeout = TimeSpan.FromSeconds(10), EnableMultipleHttp2Connections = true,
        },
    });

    /// <summary>The metadata of every call. An access key is asked for in closed mode only: its id and its secret, by HTTP Basic.</summary>
    public static Metadata Headers() => Environment.GetEnvironmentVariable("MESSAGING_ACCESS_KEY") is { } key
        ? new Metadata { { "authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) } }
        : [];

    /// <summary>
    /// Waits until it is worth trying again after so many failures: as long as the server says, else ever longer; and never all clients at the same moment. A task that ends ends the wait.
    /// Throws what does not pass.
    /// </summary>
    public static async Task PauseAsync(RpcException error, int failures, Task? woken = null)
    {
        if (Final.Contains(error.StatusCode))
            throw error;
        double seconds = error.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan().TotalSeconds ?? Math.Min(BackOffSecondsMax, 0.1 * Math.Pow(2, failures)) / 2;
        var pause = TimeSpan.FromSeconds(seconds * (1 + Random.Shared.NextDouble()));
        Console.Error.WriteLine($"again in {pause.TotalSeconds:0.00} s: {error.StatusCode}: {error.Status.Detail}");
        Task delay = Task.Delay(pause);
        await Task.WhenAny(delay, woken ?? delay);
    }
}
