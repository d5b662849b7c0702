using Google.Protobuf;
using Messaging.Benchmarks.Grpc;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using Messaging.V1;

namespace Messaging.Benchmarks.Rows;

/// <summary>Durable sends of 1 KiB on one stream, a message a request, 1,024 not answered yet, against the two-way echo of as many bytes on the same hosting package.</summary>
internal sealed class GrpcSendStream : IRow
{
    public const int Outstanding = 1_024;
    private const string Queue = "sends";
    private const string Path = "/messaging.v1.QueueService/StreamSend";

    public string Name => "grpc-send-stream";

    public string Summary => "durable sends of 1 KiB on one gRPC stream, 1,024 outstanding, against a two-way echo";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        using EchoProcess echo = await EchoProcess.StartAsync();
        using TalkLoad sends = Sends(server.GrpcPort, Queue);
        using var echoes = new TalkLoad(echo.GrpcPort, GrpcEcho.TalkPath, GrpcEcho.Message, GrpcEcho.Message, Outstanding);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", async seconds => (await sends.RunAsync(seconds)).PerMessage),
            ("echo", async seconds => (await echoes.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.55, 0.8), "messages/s", sample => sample.Rate);
        await server.StopAsync();
    }

    public static TalkLoad Sends(int port, string queue)
    {
        var request = new StreamSendRequest { Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[RestSend.BodyBytes]) } } };
        byte[] next = request.ToByteArray();
        request.Queue = queue;
        return new TalkLoad(port, Path, request.ToByteArray(), next, Outstanding);
    }
}
