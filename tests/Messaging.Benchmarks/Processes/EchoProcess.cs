using System.Globalization;
using System.Reflection;
using Messaging.Benchmarks.Baselines;

namespace Messaging.Benchmarks.Processes;

/// <summary><see cref="EchoHost"/> in a process of its own: this binary once more.</summary>
internal sealed class EchoProcess : HttpProcess
{
    private EchoProcess(int grpcPort, int port)
        : base(
            Assembly.GetExecutingAssembly().Location, AppContext.BaseDirectory, port,
            EchoHost.Argument, grpcPort.ToString(CultureInfo.InvariantCulture), port.ToString(CultureInfo.InvariantCulture)) =>
        GrpcPort = grpcPort;

    /// <summary>Where HTTP/2 is spoken.</summary>
    public int GrpcPort { get; }

    public static async Task<EchoProcess> StartAsync()
    {
        var echo = new EchoProcess(FreePort(), FreePort());
        await echo.UntilReadyAsync();
        return echo;
    }
}
