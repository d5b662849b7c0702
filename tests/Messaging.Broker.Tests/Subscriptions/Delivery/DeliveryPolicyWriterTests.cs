using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Tests.Subscriptions.Delivery;

public sealed class DeliveryPolicyWriterTests
{
    private const string RetryDefault =
        """{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}""";

    [Fact]
    public void A_topic_that_says_nothing_tells_what_SNS_tells() => Assert.Equal(
        $$$$"""{"http":{"defaultHealthyRetryPolicy":{{{{RetryDefault}}}},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}""",
        DeliveryPolicyWriter.WriteEffective(TopicDeliveryPolicy.None));

    [Fact]
    public void A_subscription_that_says_nothing_tells_what_SNS_tells() => Assert.Equal(
        $$$$"""{"healthyRetryPolicy":{{{{RetryDefault}}}},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"},"guaranteed":false}""",
        DeliveryPolicyWriter.Write(EffectiveDeliveryPolicy.Of(TopicDeliveryPolicy.None, DeliveryPolicy.None)));

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void What_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++)
        {
            var policy = new DeliveryPolicy
            {
                HealthyRetry = Retry(random),
                SicklyRetry = Retry(random),
                MaxReceivesPerSecond = random.Next(2) == 0 ? null : random.Next(1, int.MaxValue),
                HeaderContentType = random.Next(2) == 0 ? null : "application/json",
                Guaranteed = random.Next(2) == 0,
            };
            var topic = new TopicDeliveryPolicy { Defaults = policy with { Guaranteed = false }, DisableSubscriptionOverrides = random.Next(2) == 0 };

            Assert.Equal(policy, DeliveryPolicyReader.ReadSubscription(DeliveryPolicyWriter.Write(policy), isRaw: false).Value);
            Assert.Equal(topic, DeliveryPolicyReader.ReadTopic(DeliveryPolicyWriter.Write(topic)).Value);
        }
    }

    private static RetryPolicy? Retry(Random random)
    {
        if (random.Next(3) == 0) return null;
        int min = random.Next(1, 18), retries = random.Next(101);
        return new RetryPolicy
        {
            MinDelayTarget = min,
            MaxDelayTarget = random.Next(min, 36),
            NumRetries = retries,
            NumMaxDelayRetries = random.Next((retries / 3) + 1),
            NumMinDelayRetries = random.Next((retries / 3) + 1),
            NumNoDelayRetries = random.Next((retries / 3) + 1),
            BackoffFunction = (BackoffFunction)random.Next(4),
        };
    }
}
