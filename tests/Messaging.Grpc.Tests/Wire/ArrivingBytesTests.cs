using Google.Protobuf;
using Grpc.Net.Client;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>The bound of all bodies that are arriving, when they have arrived.</summary>
public sealed class ArrivingBytesTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_call_that_is_answered_gives_its_place_to_the_next()
    {
        // A sixth of this is for requests that are arriving: seven of these.
        await using var server = await GrpcProcess.StartAsync(heapBytes: 768 * MiB);
        using GrpcChannel channel = server.Connect();
        var queues = new QueueService.QueueServiceClient(channel);
        var request = new SendMessagesRequest { Queue = "nobody", Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[16 * MiB]) } } };

        for (int i = 0; i < 12; i++)
            Assert.Equal("queueNotFound", (await Refused.ByAsync(queues.SendMessagesAsync(request))).Code);
    }
}
