using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Tests.Subscriptions.Delivery;

public sealed class DeliveryPolicyReaderTests
{
    [Fact]
    public void A_subscriptions_policy_is_read_whole() => Assert.Equal(
        new DeliveryPolicy
        {
            HealthyRetry = new RetryPolicy
            {
                MinDelayTarget = 5,
                MaxDelayTarget = 10,
                NumRetries = 9,
                NumMaxDelayRetries = 1,
                NumNoDelayRetries = 2,
                NumMinDelayRetries = 3,
                BackoffFunction = BackoffFunction.Geometric,
            },
            SicklyRetry = new RetryPolicy { MinDelayTarget = 1, MaxDelayTarget = 1, NumRetries = 0 },
            MaxReceivesPerSecond = 7,
            HeaderContentType = "application/json",
            Guaranteed = true,
        },
        DeliveryPolicyReader.ReadSubscription(
            """
            {"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":10,"numRetries":9,"numMaxDelayRetries":1,"numNoDelayRetries":2,"numMinDelayRetries":3,"backoffFunction":"geometric"},
            "sicklyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":0},"throttlePolicy":{"maxReceivesPerSecond":7},"requestPolicy":{"headerContentType":"application/json"},"guaranteed":true}
            """,
            isRaw: false).Value);

    [Fact]
    public void A_topics_policy_is_read_whole() => Assert.Equal(
        new TopicDeliveryPolicy
        {
            Defaults = new DeliveryPolicy
            {
                HealthyRetry = new RetryPolicy { MinDelayTarget = 1, MaxDelayTarget = 2, NumRetries = 17, BackoffFunction = BackoffFunction.Arithmetic },
                MaxReceivesPerSecond = 1,
                HeaderContentType = "text/plain; charset=utf-8",
            },
            DisableSubscriptionOverrides = true,
        },
        DeliveryPolicyReader.ReadTopic(
            """
            {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":2,"numRetries":17,"backoffFunction":"arithmetic"},"defaultSicklyRetryPolicy":null,
            "disableSubscriptionOverrides":true,"defaultThrottlePolicy":{"maxReceivesPerSecond":1},"defaultRequestPolicy":{"headerContentType":"text/plain; charset=utf-8"}}}
            """).Value);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"http":{}}""")]
    [InlineData("""{"http":null}""")]
    [InlineData("""{"http":{"defaultHealthyRetryPolicy":null,"defaultThrottlePolicy":null,"defaultRequestPolicy":{"headerContentType":null}}}""")]
    public void What_a_topic_does_not_say_is_not_said(string json) => Assert.Equal(TopicDeliveryPolicy.None, DeliveryPolicyReader.ReadTopic(json).Value);

    [Theory]
    [InlineData("""{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":101}}}""", "http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100")]
    [InlineData("""{"http":{"throttlePolicy":{}}}""", "Unexpected JSON member: throttlePolicy")]
    [InlineData("""{"https":{}}""", "Unexpected JSON member: https")]
    [InlineData("""{"http":[]}""", "http must be a JSON object")]
    [InlineData("""{"http":{"disableSubscriptionOverrides":"true"}}""", "http.disableSubscriptionOverrides must be a boolean")]
    [InlineData("""{"http":{"defaultRequestPolicy":{"headerContentType":"text/xml"}}}""", "http.defaultRequestPolicy.headerContentType is not a supported content type")]
    public void A_topics_policy_is_refused_with_what_is_wrong(string json, string sentence) => Refused(DeliveryPolicyReader.ReadTopic(json).Error, sentence);

    [Theory]
    [InlineData("", "failed to parse JSON")]
    [InlineData("{", "failed to parse JSON")]
    [InlineData("{\"a\":1,\"a\":1}", "failed to parse JSON")]
    [InlineData("""{"requestPolicy":{"headerContentType":"\ud83d"}}""", "failed to parse JSON")]
    [InlineData("""{"\ud83d":1}""", "failed to parse JSON")]
    [InlineData("[[[[[[[[[[]]]]]]]]]]", "failed to parse JSON")]
    [InlineData("5", "must be a JSON object")]
    [InlineData("""{"http":{}}""", "Unexpected JSON member: http")]
    [InlineData("""{"healthyRetryPolicy":5}""", "healthyRetryPolicy must be a JSON object")]
    [InlineData("""{"healthyRetryPolicy":{"numRetries":5}}""", "healthyRetryPolicy.minDelayTarget must be specified")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":2,"numRetries":5}}""", "healthyRetryPolicy.maxDelayTarget must be specified")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":2,"maxDelayTarget":5}}""", "healthyRetryPolicy.numRetries must be specified")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":0,"maxDelayTarget":0,"numRetries":0}}""", "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":3601,"numRetries":0}}""", "healthyRetryPolicy.maxDelayTarget must be less than or equal to 3600")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":3,"numRetries":1}}""", "healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":-1}}""", "healthyRetryPolicy.numRetries must be greater than or equal to 0")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":1.5}}""", "healthyRetryPolicy.numRetries must be an integer")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":"1"}}""", "healthyRetryPolicy.numRetries must be an integer")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":1,"numNoDelayRetries":1,"numMinDelayRetries":1}}""",
        "healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":1,"backoffFunction":"cubic"}}""",
        "healthyRetryPolicy.backoffFunction must be one of linear, arithmetic, geometric, exponential")]
    [InlineData("""{"healthyRetryPolicy":{"minDelayTarget":37,"maxDelayTarget":37,"numRetries":100}}""", "healthyRetryPolicy must have a total retry time of less than or equal to 3600 seconds")]
    [InlineData("""{"sicklyRetryPolicy":{"numRetries":5}}""", "sicklyRetryPolicy.minDelayTarget must be specified")]
    [InlineData("""{"throttlePolicy":{"maxReceivesPerSecond":0}}""", "throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1")]
    [InlineData("""{"throttlePolicy":{"maxReceivesPerSecond":3000000000}}""", "throttlePolicy.maxReceivesPerSecond must be less than or equal to 2147483647")]
    [InlineData("""{"requestPolicy":{"headerContentType":5}}""", "requestPolicy.headerContentType must be a string")]
    [InlineData("""{"requestPolicy":{"headerContentType":"text/plain\r\nX-Evil: 1"}}""", "requestPolicy.headerContentType is not a supported content type")]
    [InlineData("""{"requestPolicy":{"headerContentType":"text/plain; charset=latin1"}}""", "requestPolicy.headerContentType is not a supported content type")]
    public void A_subscriptions_policy_is_refused_with_what_is_wrong(string json, string sentence) =>
        Refused(DeliveryPolicyReader.ReadSubscription(json, isRaw: false).Error, sentence);

    [Fact]
    public void The_longest_retry_time_is_an_hour() =>
        Assert.True(DeliveryPolicyReader.ReadSubscription("""{"healthyRetryPolicy":{"minDelayTarget":36,"maxDelayTarget":36,"numRetries":100}}""", isRaw: false).IsOk);

    [Fact]
    public void A_policy_that_is_too_long_is_refused() =>
        Refused(DeliveryPolicyReader.ReadTopic("{}" + new string(' ', DeliveryLimits.PolicyBytesMax)).Error, "must be at most 8192 bytes long");

    [Theory]
    [InlineData("text/xml")]
    [InlineData("application/soap+xml")]
    [InlineData("application/octet-stream; charset=UTF-8")]
    public void Raw_messages_have_more_content_types(string type)
    {
        string json = $$$"""{"requestPolicy":{"headerContentType":"{{{type}}}"}}""";

        Assert.Equal(type, DeliveryPolicyReader.ReadSubscription(json, isRaw: true).Value.HeaderContentType);
        Assert.False(DeliveryPolicyReader.ReadSubscription(json, isRaw: false).IsOk);
    }

    private static void Refused(BrokerError? error, string sentence) => Assert.Equal(new BrokerError(ErrorCode.InvalidValue, "DeliveryPolicy: " + sentence, "deliveryPolicy"), error);
}
