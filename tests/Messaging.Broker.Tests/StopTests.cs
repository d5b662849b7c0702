using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;

namespace Messaging.Broker.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task What_signs_is_there_until_the_last_call_has_ended()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        await harness.CreateTopic();
        await harness.Create();
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { Raw = false });
        EnvelopeSigner signer = harness.Broker.NotificationSigner!;
        Task stopping;
        using (CallCounter.Call call = harness.Broker.TopicHost.Calls.Enter())
        {
            stopping = harness.Broker.DisposeAsync().AsTask();
            // All that runs by itself has ended: what is left to wait for is the call.
            while (!await HasEndedAsync(harness)) await Task.Yield();
            for (int i = 0; i < 50; i++)
            {
                var document = new NotificationDocument { Id = default, TopicArn = "arn", Message = TopicCalls.Bytes($"{i}")!.Value, PublishedAtMs = i };
                Assert.Equal(344, signer.Sign(document, SignatureVersion.Sha256).Length);
            }

            Assert.False(stopping.IsCompleted);
        }

        await stopping;
    }

    private static async Task<bool> HasEndedAsync(BrokerHarness harness)
    {
        try
        {
            await harness.Broker.CompactAsync();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
