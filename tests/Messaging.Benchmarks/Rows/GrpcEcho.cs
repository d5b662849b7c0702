using Google.Protobuf;
using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Grpc;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>What the stock hosting package costs: a unary echo of 1 KiB on it, against a bare HTTP/2 endpoint of Kestrel with the same frames, both in one process.</summary>
internal sealed class GrpcEcho : IRow
{
    public const int Outstanding = 64;
    public const string SayPath = "/benchmark.Echo/Say";
    public const string TalkPath = "/benchmark.Echo/Talk";

    public static readonly byte[] Message = new EchoMessage { Body = ByteString.CopyFrom(new byte[RestSend.BodyBytes]) }.ToByteArray();

    public string Name => "grpc-echo";

    public string Summary => "a unary echo of 1 KiB by gRPC, 64 outstanding on one connection, against a bare HTTP/2 endpoint with the same frames";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using EchoProcess echo = await EchoProcess.StartAsync();
        using var toEcho = new UnaryLoad(echo.GrpcPort, SayPath, Message, Outstanding);
        using var toBare = new UnaryLoad(echo.GrpcPort, EchoHost.BarePath, Message, Outstanding);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("echo", async seconds => (await toEcho.RunAsync(seconds)).PerMessage),
            ("bare endpoint", async seconds => (await toBare.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.8, 0.95), "calls/s", sample => sample.Rate);
    }
}
