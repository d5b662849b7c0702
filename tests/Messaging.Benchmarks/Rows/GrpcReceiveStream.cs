using Messaging.Benchmarks.Grpc;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>Messages of 1 KiB received and acknowledged one by one on one stream with a credit of 1,024, against the two-way echo of as many bytes on the same hosting package. The queue is filled before each run.</summary>
internal sealed class GrpcReceiveStream : IRow
{
    private const string Queue = "receives";

    public string Name => "grpc-receive-stream";

    public string Summary => "receive and acknowledge on one gRPC stream, messages of 1 KiB one by one, credit 1,024, against a two-way echo";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        using EchoProcess echo = await EchoProcess.StartAsync();
        using TalkLoad sends = GrpcSendStream.Sends(server.GrpcPort, Queue);
        using var consumes = new ConsumeLoad(server.GrpcPort, Queue, GrpcSendStream.Outstanding);
        using var echoes = new TalkLoad(echo.GrpcPort, GrpcEcho.TalkPath, GrpcEcho.Message, GrpcEcho.Message, GrpcSendStream.Outstanding);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", async seconds =>
            {
                // Enough, at whatever rate: as many as the stream can send in twice the time.
                await sends.RunAsync(seconds * 2);
                return (await consumes.RunAsync(seconds)).PerMessage;
            }),
            ("echo", async seconds => (await echoes.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.35, 0.6), "messages/s", sample => sample.Rate);
        await server.StopAsync();
    }
}
