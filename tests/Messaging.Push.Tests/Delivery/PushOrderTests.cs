using System.Collections.Concurrent;
using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.Push.Tests.Delivery;

/// <summary>Deliveries of a FIFO topic: of a group one message at a time and in order, whatever the endpoint answers; and of no group for another one's sake.</summary>
public sealed class PushOrderTests
{
    private const int PerGroup = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_fails_holds_up_its_group_in_order_and_no_other_one(bool isKilled)
    {
        var delivered = new ConcurrentQueue<string>();
        // The fourth of one group fails until all of another one have come; the fifth of a third one is never wanted.
        await using var endpoint = new TestEndpoint((_, body) =>
        {
            if (body == "slow 3" && delivered.Distinct().Count(one => one.StartsWith("swift", StringComparison.Ordinal)) < PerGroup) return "503 Busy";
            if (body == "picky 4") return "404 Not Found";
            delivered.Enqueue(body);
            return "200 OK";
        });
        await using PushHarness harness = await PushHarness.StartAsync(topic: new TopicDefinition { Type = TopicType.Fifo });
        QueueKey dead = await harness.CreateQueueAsync("dead");
        await harness.SubscribeAsync("s", new SubscriptionDefinition
        {
            Target = new SubscriptionTarget.OfEndpoint(endpoint.Url()), Confirmed = true, DeadLetter = dead.Name,
            DeliveryPolicy = DeliveryPolicyReader.ReadSubscription("""{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":100}}""", isRaw: true).Value,
        });
        for (int i = 0; i < PerGroup; i++) await harness.PublishAsync(Record("slow", i), Record("swift", i), Record("picky", i));
        // Whoever died delivers again what it had delivered, and not settled.
        if (isKilled) await harness.KillAsync();

        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        foreach (string group in (string[])["slow", "swift", "picky"])
        {
            int[] numbers = [.. delivered.Select(body => body.Split(' ')).Where(words => words[0] == group).Select(words => int.Parse(words[1]))];
            Assert.Equal(Enumerable.Range(0, PerGroup).Where(number => (group, number) != ("picky", 4)), numbers.Distinct());
            // None comes for the first time, or again, behind a later one.
            Assert.Equal(numbers.Order(), numbers);
        }

        // The report is of the process that is there; the letter may be of the one before.
        Assert.Equal(0, report.Dropped);
        if (!isKilled) Assert.Equal(1, report.DeadLettered);
        Assert.Equal("picky 4", Assert.Single(await harness.ReceiveAsync(dead)).Body);
    }

    private static OutgoingRecord Record(string group, int number) => PushHarness.Record($"{group} {number}", group) with { DeduplicationId = $"{group} {number}" };
}
