using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>Requests that break the rules of gRPC over HTTP/2: gRPC's own status codes, and nothing of it harms another call.</summary>
public sealed class BadInputTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const string GetQueue = "/messaging.v1.QueueService/GetQueue";
    private const int MessageBytesMax = 20 * 1024 * 1024;

    private static readonly byte[] Request = new GetQueueRequest { Queue = "nobody" }.ToByteArray();

    [Fact]
    public async Task A_well_formed_call_is_answered_with_a_status_in_trailers()
    {
        string queue = await server.CreateQueueAsync();

        RawAnswer answer = await CallAsync(RawCall.Frame(new GetQueueRequest { Queue = queue }.ToByteArray()));

        Assert.Equal((HttpStatusCode.OK, "0", false), (answer.Http, answer.Status, answer.IsTrailersOnly));
        Assert.Equal(queue, GetQueueResponse.Parser.ParseFrom(answer.Body, 5, answer.Body.Length - 5).Queue.Name);
    }

    [Fact]
    public async Task A_refusal_is_a_trailers_only_answer_with_a_percent_encoded_message()
    {
        RawAnswer answer = await CallAsync(RawCall.Frame(new GetQueueRequest { Queue = "ü%" }.ToByteArray()));

        Assert.Equal((HttpStatusCode.OK, "5"), (answer.Http, answer.Status));
        Assert.Equal("There is no queue \"ü%\".", Uri.UnescapeDataString(answer.Message!));
        Assert.DoesNotContain("ü", answer.Message!, StringComparison.Ordinal);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("truncated in the prefix", 3, StatusCode.Internal)]
    [InlineData("truncated in the message", 7, StatusCode.Internal)]
    [InlineData("nothing at all", 0, StatusCode.Internal)]
    public async Task A_truncated_message_is_refused(string what, int bytes, StatusCode status)
    {
        _ = what;
        Assert.Equal(Text(status), (await CallAsync(RawCall.Frame(Request)[..bytes])).Status);
    }

    [Fact]
    public async Task A_prefix_that_promises_more_than_comes_is_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync(RawCall.Frame(Request, length: Request.Length + 1))).Status);

    [Fact]
    public async Task A_second_message_of_a_unary_call_is_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync([.. RawCall.Frame(Request), .. RawCall.Frame(Request)])).Status);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(MessageBytesMax + 1)]
    public async Task A_prefix_over_the_limit_is_refused_before_its_message_comes(int length)
    {
        RawAnswer answer = await CallAsync(RawCall.Frame(Request, length: length));

        // Beyond what a number of 31 bits can be there is no limit to be told of.
        Assert.Equal(Text(length < 0 ? StatusCode.Internal : StatusCode.ResourceExhausted), answer.Status);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_with_the_limit()
    {
        var request = new SendMessagesRequest { Queue = await server.CreateQueueAsync(), Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[MessageBytesMax]) } } };

        Refused refused = await Refused.ByAsync(server.Queues.SendMessagesAsync(request));

        Assert.Equal(StatusCode.ResourceExhausted, refused.Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_of_the_contract_are_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync(RawCall.Frame([0xff, 0xff, 0xff]))).Status);

    [Fact]
    public async Task A_compressed_flag_without_a_codec_is_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync(RawCall.Frame(Request, flag: 1))).Status);

    [Fact]
    public async Task A_codec_that_is_unknown_is_refused() =>
        Assert.Equal(Text(StatusCode.Unimplemented), (await CallAsync(RawCall.Frame(Request, flag: 1), ("grpc-encoding", "zstd"))).Status);

    [Fact]
    public async Task Bytes_that_are_no_gzip_are_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync(RawCall.Frame(Request, flag: 1), ("grpc-encoding", "gzip"))).Status);

    [Fact]
    public async Task A_flag_that_is_neither_0_nor_1_is_refused() =>
        Assert.Equal(Text(StatusCode.Internal), (await CallAsync(RawCall.Frame(Request, flag: 7))).Status);

    [Fact]
    public async Task A_message_that_decompresses_to_more_than_the_limit_is_refused_while_it_is_read()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 1_000; i++) gzip.Write(zeros);
        }
        long before = GC.GetTotalAllocatedBytes();

        RawAnswer answer = await CallAsync(RawCall.Frame(packed.ToArray(), flag: 1), ("grpc-encoding", "gzip"));

        Assert.Equal(Text(StatusCode.ResourceExhausted), answer.Status);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200L * 1024 * 1024);
    }

    [Theory]
    [InlineData("/messaging.v1.QueueService/Nothing")]
    [InlineData("/messaging.v2.QueueService/GetQueue")]
    public async Task A_method_that_is_unknown_is_unimplemented(string method) =>
        Assert.Equal(Text(StatusCode.Unimplemented), (await RawCall.SendAsync(server.Address, method, RawCall.Frame(Request))).Status);

    [Theory]
    [InlineData("application/grpc+json")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_content_type_of_another_codec_is_not_taken(string contentType) =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await RawCall.SendAsync(server.Address, GetQueue, RawCall.Frame(Request), contentType)).Http);

    [Theory]
    [InlineData("1x")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    [InlineData("S")]
    public async Task A_timeout_that_is_none_is_passed_over(string timeout)
    {
        // As the stock servers do: the call has no deadline then.
        Assert.Equal(Text(StatusCode.NotFound), (await CallAsync(RawCall.Frame(Request), ("grpc-timeout", timeout))).Status);
    }

    [Fact]
    public async Task A_timeout_that_is_over_ends_the_call()
    {
        var waiting = new ReceiveMessagesRequest { Queue = await server.CreateQueueAsync(), WaitSeconds = 20 };

        RawAnswer answer = await RawCall.SendAsync(server.Address, "/messaging.v1.QueueService/ReceiveMessages", RawCall.Frame(waiting.ToByteArray()), "application/grpc", ("grpc-timeout", "50m"));

        Assert.Equal(Text(StatusCode.DeadlineExceeded), answer.Status);
    }

    [Fact]
    public async Task More_metadata_than_a_call_may_have_costs_the_call_and_no_other()
    {
        var bomb = new Metadata();
        for (int i = 0; i < 60; i++) bomb.Add($"x-{i}", new string('m', 2_000));

        RpcException exception = await Assert.ThrowsAnyAsync<RpcException>(async () => await new QueueService.QueueServiceClient(server.Connect()).ListQueuesAsync(new ListQueuesRequest(), bomb));

        Assert.NotEqual(StatusCode.OK, exception.StatusCode);
        await server.Queues.ListQueuesAsync(new ListQueuesRequest());
    }

    [Fact]
    public async Task HTTP_1_is_told_what_is_spoken_here()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http, GetQueue)) { Content = new ByteArrayContent(RawCall.Frame(Request)) };
        request.Content.Headers.ContentType = new("application/grpc");

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    private Task<RawAnswer> CallAsync(byte[] body, params (string Name, string Value)[] headers) => RawCall.SendAsync(server.Address, GetQueue, body, "application/grpc", headers);

    private static string Text(StatusCode status) => $"{(int)status}";
}
