using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Subscriptions;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>The calls of a test on fan-out in few words.</summary>
internal static class FanOutCalls
{
    /// <summary>Queues q0, q1 and so on, and subscriptions s0, s1 and so on that have them as their targets.</summary>
    public static async Task<QueueKey[]> SubscribeQueues(this BrokerHarness harness, int count, string topic = "t", bool raw = true)
    {
        var queues = new QueueKey[count];
        for (int i = 0; i < count; i++)
        {
            queues[i] = await harness.Create($"q{i}");
            await harness.Subscribe($"s{i}", SubscriptionCalls.To($"q{i}") with { Raw = raw }, topic);
        }

        return queues;
    }

    /// <summary>The messages with all that they have; bodies are copies.</summary>
    public static async Task<ReceivedMessage[]> ReceiveWhole(this BrokerHarness harness, QueueKey queue, int max = 10)
    {
        Result<ReceivedMessages> received = await harness.Broker.Queues.ReceiveAsync(queue, new ReceiveRequest(max, 0, null), default);
        Assert.True(received.IsOk, received.Error?.Detail);
        using ReceivedMessages messages = received.Value;
        var copies = new ReceivedMessage[messages.Count];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = messages[i] with
            {
                Body = messages[i].Body.ToArray(),
                Attributes = [.. messages[i].Attributes.Select(attribute => attribute with { Value = attribute.Value.ToArray() })],
            };
        }

        return copies;
    }
}
