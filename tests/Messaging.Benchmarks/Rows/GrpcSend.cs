using Google.Protobuf;
using Messaging.Benchmarks.Grpc;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using Messaging.V1;

namespace Messaging.Benchmarks.Rows;

/// <summary>Durable sends of 1 KiB by unary calls, 64 outstanding on one connection, against the echo of as many bytes on the same hosting package.</summary>
internal sealed class GrpcSend : IRow
{
    private const string Queue = "sends";
    private const string Path = "/messaging.v1.QueueService/SendMessages";

    public string Name => "grpc-send";

    public string Summary => "durable sends of 1 KiB by unary gRPC, 64 outstanding on one connection, against a unary echo";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        using EchoProcess echo = await EchoProcess.StartAsync();
        byte[] request = new SendMessagesRequest { Queue = Queue, Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[RestSend.BodyBytes]) } } }.ToByteArray();
        using var sends = new UnaryLoad(server.GrpcPort, Path, request, GrpcEcho.Outstanding);
        using var echoes = new UnaryLoad(echo.GrpcPort, GrpcEcho.SayPath, GrpcEcho.Message, GrpcEcho.Outstanding);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", seconds => RestSend.MeasureAsync(server, sends.RunAsync, seconds)),
            ("echo", seconds => RestSend.MeasureAsync(echo, echoes.RunAsync, seconds)),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.45, 0.6), "sends/s", sample => sample.Rate);
        yield return paired.Ratio(Name + "/cpu", Goal.None, "us/send", sample => sample.CpuMicroseconds);
        await server.StopAsync();
    }
}
