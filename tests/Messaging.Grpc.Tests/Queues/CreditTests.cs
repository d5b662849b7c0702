using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>The bound on what a receiving stream has at its client, and may get.</summary>
public sealed class CreditTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const int CreditMax = 100_000;

    [Fact]
    public async Task What_was_delivered_and_is_not_settled_counts_in_the_credit()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1");
        await using var stream = new Receiver(server, queue, credit: 1);
        await stream.NextAsync();

        await stream.SayAsync(new StreamReceiveRequest { Credit = CreditMax });

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "credit"), (await Refused.ByAsync(stream.CloseAsync())).Told);
    }

    [Fact]
    public async Task What_is_settled_does_not()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1");
        await using var stream = new Receiver(server, queue, credit: 1);
        await stream.SayAsync(new StreamReceiveRequest { Acknowledge = { (await stream.NextAsync()).Receipt } });
        await stream.SettledAsync();

        await stream.SayAsync(new StreamReceiveRequest { Credit = CreditMax });
        await server.SendAsync(queue, "2");

        Assert.Equal("2", await stream.NextBodyAsync());
    }
}
