using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Queues;

public sealed class ReceiveMessagesTests
{
    [Fact]
    public async Task A_message_goes_through_send_receive_and_acknowledge()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        var ids = await broker.Send(key, "a", "b");
        Delivered[] received = await broker.Receive(key);
        Assert.Equal(["a", "b"], received.Select(message => message.Body));
        Assert.Equal(ids, received.Select(message => message.Id));
        Assert.All(received, message => Assert.Equal(1, message.ReceiveCount));
        Assert.Equal(2, (await broker.Counts(key)).Leased);
        Assert.Null(await broker.Acknowledge(key, received[0].Receipt));
        Assert.Null(await broker.Acknowledge(key, received[1].Receipt));
        Assert.Equal(default, await broker.Counts(key));
    }
}
