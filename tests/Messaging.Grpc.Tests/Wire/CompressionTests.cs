using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>gzip, both ways.</summary>
public sealed class CompressionTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const int MiB = 1024 * 1024;
    private const int MessageBytesMax = 20 * MiB;

    [Fact]
    public async Task A_call_that_compresses_is_answered_compressed()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, new string('x', 100_000));
        var request = new BrowseMessagesRequest { Queue = queue };
        const string Method = "/messaging.v1.QueueService/BrowseMessages";

        RawAnswer compressed = await RawCall.SendAsync(server.Address, Method, RawCall.Frame(Gzip.Pack(request.ToByteArray()), flag: 1), "application/grpc", ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip"));
        RawAnswer plain = await RawCall.SendAsync(server.Address, Method, RawCall.Frame(request.ToByteArray()), "application/grpc", ("grpc-accept-encoding", "identity,gzip"));

        Assert.Equal(("0", 1), (compressed.Status, compressed.Body[0]));
        Assert.InRange(compressed.Body.Length, 1, 2_000);
        Assert.Equal(("0", 0), (plain.Status, plain.Body[0]));
        Assert.InRange(plain.Body.Length, 100_000, 101_000);
    }

    [Fact]
    public async Task A_stream_that_compresses_is_answered_compressed_and_whole()
    {
        string queue = await server.CreateQueueAsync();
        string body = string.Concat(Enumerable.Range(0, 5_000));
        byte[] packed = Gzip.Pack(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text(body) } }.ToByteArray());

        RawAnswer answer = await RawCall.SendAsync(
            server.Address, "/messaging.v1.QueueService/StreamSend", [.. RawCall.Frame(packed, flag: 1), .. RawCall.Frame(packed, flag: 1)], "application/grpc", ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "gzip"));

        Assert.Equal(("0", 1), (answer.Status, answer.Body[0]));
        Assert.Equal([body, body], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task A_compressed_request_counts_as_it_is_decompressed_until_it_is_answered()
    {
        string queue = await server.CreateQueueAsync();
        var request = new SendMessagesRequest { Queue = queue, Messages = { GrpcServer.Text(new string('x', 900_000)) } };
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        Refused refused;
        using (new FullBudget(server.Budgets.Bodies, left: 800_000))
            refused = await Refused.ByAsync(server.Queues.SendMessagesAsync(request, gzip));
        QueueCounts meanwhile = await server.CountAsync(queue);

        await server.Queues.SendMessagesAsync(request, gzip);

        Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
        Assert.Equal((0L, 1L), (meanwhile.Ready, (await server.CountAsync(queue)).Ready));
        while (server.Budgets.Bodies.Taken != 0) await Task.Yield();
    }

    [Fact]
    public async Task What_is_decompressed_counts_while_it_grows_and_is_refused_before_there_is_memory_for_all_of_it()
    {
        byte[] bomb = RawCall.Frame(Gzip.Pack(Padding(MessageBytesMax)), flag: 1);
        using var full = new FullBudget(server.Budgets.Bodies, left: MiB);
        long before = GC.GetTotalAllocatedBytes();

        RawAnswer answer = await RawCall.SendAsync(server.Address, "/messaging.v1.QueueService/GetQueue", bomb, "application/grpc", ("grpc-encoding", "gzip"));

        Assert.Equal($"{(int)StatusCode.ResourceExhausted}", answer.Status);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 8 * MiB);
    }

    [Fact]
    public async Task What_a_stream_decompresses_counts_until_it_is_parsed_and_is_kept_no_more()
    {
        string queue = await server.CreateQueueAsync();
        using var stream = server.Queues.StreamSend(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        for (int i = 0; i < 3; i++)
        {
            await stream.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text(new string('x', 900_000)) } });
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            while (server.Budgets.Bodies.Taken != 0) await Task.Yield();
        }
        using (new FullBudget(server.Budgets.Bodies, left: 800_000))
        {
            await stream.RequestStream.WriteAsync(new StreamSendRequest { Messages = { GrpcServer.Text(new string('x', 900_000)) } });
            Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), (await Refused.ByAsync(stream.ResponseStream.MoveNext(CancellationToken.None))).Told);
        }

        Assert.Equal(3, (await server.CountAsync(queue)).Ready);
    }

    [Theory]
    [InlineData(0, StatusCode.NotFound, "nobody")]
    [InlineData(1, StatusCode.ResourceExhausted, "more than 20971520 bytes")]
    public async Task A_message_is_as_large_as_it_may_be_when_it_is_decompressed_and_otherwise_told_the_bound(int bytesMore, StatusCode status, string told)
    {
        byte[] message = [.. new GetQueueRequest { Queue = "nobody" }.ToByteArray(), .. Padding(MessageBytesMax + bytesMore - new GetQueueRequest { Queue = "nobody" }.CalculateSize())];

        RawAnswer answer = await RawCall.SendAsync(server.Address, "/messaging.v1.QueueService/GetQueue", RawCall.Frame(Gzip.Pack(message), flag: 1), "application/grpc", ("grpc-encoding", "gzip"));

        Assert.Equal($"{(int)status}", answer.Status);
        Assert.Contains(told, answer.Message!, StringComparison.Ordinal);
    }

    // A field that the contract does not have, with so many bytes together with its tag and its length: two and four of them.
    private static byte[] Padding(int bytes)
    {
        using var padding = new MemoryStream();
        using (var output = new CodedOutputStream(padding, leaveOpen: true))
        {
            output.WriteTag(1_000, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(new byte[bytes - 6]));
        }
        return padding.ToArray();
    }
}
