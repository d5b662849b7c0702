extern alias front;
using System.Buffers;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Messaging.Http;
using Messaging.TestKit;
using Messaging.V1;
using Microsoft.AspNetCore.Http;
using BoundedGzip = front::Messaging.Grpc.Wire.BoundedGzip;
using BoundedRequests = front::Messaging.Grpc.Wire.BoundedRequests;
using BudgetedReader = front::Messaging.Grpc.Wire.BudgetedReader;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>What little of the wire would be much of in memory is refused before it is parsed, whatever way it comes.</summary>
public sealed class RequestBoundsTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const string SendMessages = "/messaging.v1.QueueService/SendMessages";
    private const int ValuesMax = 500_000;
    private const int MiB = 1024 * 1024;

    // Field 2 of SendMessagesRequest, an empty message; field 1 of it, and field 3 of OutgoingMessage, an empty entry of its attributes.
    private static readonly byte[] EmptyMessage = [0x12, 0x00];
    private static readonly byte[] EmptyAttribute = [0x1a, 0x00];

    public static TheoryData<string, bool> Shapes => new()
    {
        { "entries", false }, { "entries", true }, { "attributes of one entry", false }, { "attributes of one entry", true }, { "behind a group", false },
        { "behind a length of 33 bits", false }, { "below a tag of 35 bits", false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_request_of_too_many_values_is_refused_before_there_is_memory_for_them(string shape, bool isCompressed)
    {
        byte[] request = shape switch
        {
            "entries" => Times(EmptyMessage, 8 * MiB),
            "attributes of one entry" => Within(0x12, Times(EmptyAttribute, 8 * MiB)),
            // To the parser, which leaves out what is above 32 bits, an empty message; and a message of entries.
            "behind a length of 33 bits" => [0x12, 0x80, 0x80, 0x80, 0x80, 0x10, .. Times(EmptyMessage, 8 * MiB)],
            "below a tag of 35 bits" => [0x92, 0x80, 0x80, 0x80, 0x10, .. Within(0x12, Times(EmptyAttribute, 8 * MiB))[1..]],
            // A field that the contract does not have, of the old kind that has no length.
            _ => [0x7b, 0x7c, .. Times(EmptyMessage, 8 * MiB)],
        };
        long before = GC.GetTotalAllocatedBytes();

        RawAnswer answer = await SendAsync(request, isCompressed);

        Assert.Equal(Text(StatusCode.InvalidArgument), answer.Status);
        Assert.Contains($"{ValuesMax}", answer.Message!, StringComparison.Ordinal);
        // The frames and the whole of the request, a few times over; parsed, it would be a gigabyte.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200L * MiB);
    }

    [Fact]
    public async Task A_large_request_that_is_not_well_formed_is_refused_as_a_small_one_is() =>
        Assert.Equal(Text(StatusCode.Internal), (await SendAsync([.. Times(EmptyMessage, MiB / 2), 0x12, 0x7f], isCompressed: false)).Status);

    [Theory]
    [InlineData(16)]
    [InlineData(MiB)]
    public void A_request_that_there_is_no_memory_to_parse_may_come_again(int bytes)
    {
        var method = new Method<SendMessagesRequest, SendMessagesResponse>(
            MethodType.Unary, "service", "method", Marshallers.Create(static one => one.ToByteArray(), SendMessagesRequest.Parser.ParseFrom), Marshallers.Create(static one => one.ToByteArray(), SendMessagesResponse.Parser.ParseFrom));
        Marshaller<SendMessagesRequest> requests = BoundedRequests.Of(method, new BufferBudget(MiB)).RequestMarshaller;

        Refused refused = Refused.Of(Assert.Throws<RpcException>(() => requests.ContextualDeserializer(new Payload(new NoMemory(bytes).Bytes))));

        Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
        Assert.NotEqual(0, refused.RetryAfterSeconds);
    }

    [Fact]
    public void A_request_that_there_is_no_memory_to_decompress_may_come_again()
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(new byte[16]);
        compressed.Position = 0;
        using var body = new BudgetedReader(new DefaultHttpContext(), new BufferBudget(MiB), isStream: false, TimeProvider.System);
        body.ExpectCompressed();
        using Stream stream = new BoundedGzip(MiB).CreateDecompressionStream(compressed);
        using var full = new NoRoom();

        Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), Refused.Of(Assert.Throws<RpcException>(() => stream.CopyTo(full))).Told);
    }

    [Theory]
    [InlineData(1_000, StatusCode.OK)]
    [InlineData(1_001, StatusCode.InvalidArgument)]
    public async Task A_streams_request_has_no_more_entries_than_a_call(int entries, StatusCode status)
    {
        string queue = await server.CreateQueueAsync();
        using var stream = server.Queues.StreamSend();
        await stream.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { Enumerable.Repeat(GrpcServer.Text("x"), entries) } });
        await stream.RequestStream.CompleteAsync();

        if (status == StatusCode.OK)
        {
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(entries, stream.ResponseStream.Current.Results.Count);
        }
        else
        {
            Assert.Equal((status, "batchTooLarge", "messages"), (await Refused.ByAsync(stream.ResponseStream.MoveNext(CancellationToken.None))).Told);
        }
    }

    [Fact]
    public async Task What_a_request_is_made_of_has_its_place_before_it_is_parsed()
    {
        using var full = new FullBudget(server.Budgets.Bodies, left: 10 * MiB);

        Refused refused = await Refused.ByAsync(server.Queues.SendMessagesAsync(Empties(MiB / 4)));

        Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
        Assert.True(refused.RetryAfterSeconds > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_all_of_the_bound_would_not_hold_is_told_so_and_not_to_come_again(bool isCompressed)
    {
        long bound = server.Budgets.Bodies.BytesMax;
        var request = Empties(ValuesMax - 1);
        request.Queue = new string('q', 19 * MiB);
        Metadata metadata = isCompressed ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : [];

        Refused refused = await Refused.ByAsync(server.Queues.SendMessagesAsync(request, metadata));

        Assert.Equal((StatusCode.ResourceExhausted, "batchTooLarge", null), refused.Told);
        Assert.Contains($"at most {bound}", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(0, refused.RetryAfterSeconds);
        while (server.Budgets.Bodies.Taken != 0) await Task.Yield();
    }

    [Fact]
    public async Task A_body_that_pauses_is_waited_for_and_costs_nobody_the_connection()
    {
        using UnendingRequest request = await UnendingRequest.StartAsync(server.Address, MiB);

        // Longer than Kestrel waits for the next bytes of a request by itself: five seconds.
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);

        Assert.Null(await request.StatusAsync());
    }

    [Fact]
    public async Task As_many_values_as_a_request_may_have_are_parsed_and_judged_as_entries()
    {
        RawAnswer answer = await SendAsync([.. new SendMessagesRequest { Queue = "q" }.ToByteArray(), .. Times(EmptyMessage, 2 * (ValuesMax - 1))], isCompressed: false);

        Assert.Equal(Text(StatusCode.InvalidArgument), answer.Status);
        Assert.Contains("at most 1000 entries", answer.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_the_contract_does_not_have_are_passed_over()
    {
        string queue = await server.CreateQueueAsync();
        // Fields 1,000 (a text) and 1,001 (a number).
        byte[] request = [.. new SendMessagesRequest { Queue = queue, Messages = { new OutgoingMessage { Body = ByteString.CopyFromUtf8("b") } } }.ToByteArray(), 0xc2, 0x3e, 0x01, 0x78, 0xc8, 0x3e, 0x05];

        Assert.Equal("0", (await SendAsync(request, isCompressed: false)).Status);
    }

    [Theory]
    [InlineData("/messaging.v1.GroupService/CommitOffsets", 8 * MiB)]
    [InlineData("/messaging.v1.SubscriptionService/PutSubscription", MiB)]
    [InlineData("/messaging.v1.OperationService/GetOperation", 64 * 1024)]
    [InlineData("/grpc.health.v1.Health/Check", 64 * 1024)]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", 64 * 1024)]
    [InlineData("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", 64 * 1024)]
    public async Task A_service_takes_no_larger_messages_than_it_needs(string method, int bytesMax)
    {
        RawAnswer plain = await RawCall.SendAsync(server.Address, method, RawCall.Frame([], length: bytesMax + 1));
        RawAnswer packed = await RawCall.SendAsync(server.Address, method, RawCall.Frame(Gzip.Pack(new byte[bytesMax + 1]), flag: 1), headers: ("grpc-encoding", "gzip"));

        Assert.Equal(Text(StatusCode.ResourceExhausted), plain.Status);
        Assert.Equal((Text(StatusCode.ResourceExhausted), true), (packed.Status, packed.Message!.Contains($"{bytesMax} bytes", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_that_has_not_come_in_two_minutes_is_refused_and_holds_nothing()
    {
        var clock = new ManualTimeProvider();
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
        using UnendingRequest request = await UnendingRequest.StartAsync(own.Address, MiB);
        // When the server has read all that comes.
        while (own.Budgets.Bodies.Taken < MiB - (64 * 1024)) await Task.Yield();

        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Null(await request.StatusAsync());
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Text(StatusCode.DeadlineExceeded), await request.AnswerAsync());
        while (own.Budgets.Bodies.Taken != 0) await Task.Yield();
    }

    [Fact]
    public async Task Half_a_message_of_a_stream_is_waited_for_as_long_and_an_idle_stream_for_ever()
    {
        var clock = new ManualTimeProvider();
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
        string queue = await own.CreateQueueAsync();
        using var idle = own.Queues.StreamSend();
        await idle.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text("a") } });
        Assert.True(await idle.ResponseStream.MoveNext(CancellationToken.None));
        using UnendingRequest half = await UnendingRequest.StartAsync(own.Address, MiB, "/messaging.v1.QueueService/StreamSend");
        // When the server has read all that comes.
        while (own.Budgets.Bodies.Taken < MiB - (64 * 1024)) await Task.Yield();

        clock.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(Text(StatusCode.DeadlineExceeded), await half.AnswerAsync());
        while (own.Budgets.Bodies.Taken != 0) await Task.Yield();
        await idle.RequestStream.WriteAsync(new StreamSendRequest { Messages = { GrpcServer.Text("b") } });
        Assert.True(await idle.ResponseStream.MoveNext(CancellationToken.None));
    }

    // One message many times, since only the server is to have them all.
    private static SendMessagesRequest Empties(int messages) => new() { Messages = { Enumerable.Repeat(new OutgoingMessage(), messages) } };

    private static byte[] Times(byte[] piece, int bytes) => [.. Enumerable.Repeat(piece, bytes / piece.Length).SelectMany(static piece => piece)];

    private static byte[] Within(byte tag, byte[] inner)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteRawTag(tag);
            output.WriteBytes(ByteString.CopyFrom(inner));
        }
        return bytes.ToArray();
    }

    private static string Text(StatusCode status) => $"{(int)status}";

    private Task<RawAnswer> SendAsync(byte[] request, bool isCompressed) => isCompressed
        ? RawCall.SendAsync(server.Address, SendMessages, RawCall.Frame(Gzip.Pack(request), flag: 1), headers: ("grpc-encoding", "gzip"))
        : RawCall.SendAsync(server.Address, SendMessages, RawCall.Frame(request));

    private sealed class Payload(ReadOnlyMemory<byte> bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }

    // Where the bytes are read, in the place of what is made of them: the one OutOfMemoryException that code may throw.
    private sealed class NoMemory(int length) : MemoryManager<byte>
    {
        public Memory<byte> Bytes => CreateMemory(length);

        public override Span<byte> GetSpan() => throw new InsufficientMemoryException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class NoRoom : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new InsufficientMemoryException();

        public override void Write(ReadOnlySpan<byte> buffer) => throw new InsufficientMemoryException();
    }
}
