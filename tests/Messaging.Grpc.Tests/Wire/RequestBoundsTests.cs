using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Messaging.TestKit;
using Messaging.V1;

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
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_request_of_too_many_values_is_refused_before_there_is_memory_for_them(string shape, bool isCompressed)
    {
        byte[] request = shape switch
        {
            "entries" => Times(EmptyMessage, 8 * MiB),
            "attributes of one entry" => Within(0x12, Times(EmptyAttribute, 8 * MiB)),
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
        RawAnswer answer = await RawCall.SendAsync(server.Address, method, RawCall.Frame([], length: bytesMax + 1));

        Assert.Equal(Text(StatusCode.ResourceExhausted), answer.Status);
    }

    [Fact]
    public async Task A_message_that_has_not_come_in_two_minutes_is_refused_and_holds_nothing()
    {
        var clock = new ManualTimeProvider();
        var own = new GrpcServer(clock);
        await own.InitializeAsync();
        try
        {
            using UnendingRequest request = await UnendingRequest.StartAsync(own.Address, MiB);
            // When the server has read all that comes.
            while (own.Budgets.Bodies.Taken < MiB - (64 * 1024)) await Task.Yield();

            clock.Advance(TimeSpan.FromSeconds(119));
            Assert.Null(await request.StatusAsync());
            clock.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal(Text(StatusCode.DeadlineExceeded), await request.AnswerAsync());
            while (own.Budgets.Bodies.Taken != 0) await Task.Yield();
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

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
        ? RawCall.SendAsync(server.Address, SendMessages, RawCall.Frame(Packed(request), flag: 1), headers: ("grpc-encoding", "gzip"))
        : RawCall.SendAsync(server.Address, SendMessages, RawCall.Frame(request));

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
