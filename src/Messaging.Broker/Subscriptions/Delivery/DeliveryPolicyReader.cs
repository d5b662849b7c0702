using System.Text;
using System.Text.Json;

namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>
/// Reads the attribute DeliveryPolicy of topics and of subscriptions (SNS Developer Guide, "Creating an HTTP/S delivery policy"). Refusals are InvalidValue with what SNS says behind "Invalid parameter: ".
/// A retry policy has to say its delays and its number of retries: the guide has an example without, which the service refuses. Pure.
/// </summary>
public static class DeliveryPolicyReader
{
    private const string Attribute = "DeliveryPolicy";

    /// <summary>{"http":{"defaultHealthyRetryPolicy":..,"defaultSicklyRetryPolicy":..,"disableSubscriptionOverrides":..,"defaultThrottlePolicy":..,"defaultRequestPolicy":..}}</summary>
    public static Result<TopicDeliveryPolicy> ReadTopic(string json) => Read(json, static members =>
    {
        members.AllowOnly("http");
        if (members.Object("http") is not { } http) return TopicDeliveryPolicy.None;
        http.AllowOnly("defaultHealthyRetryPolicy", "defaultSicklyRetryPolicy", "defaultThrottlePolicy", "defaultRequestPolicy", "disableSubscriptionOverrides");
        return new TopicDeliveryPolicy
        {
            Defaults = new DeliveryPolicy
            {
                HealthyRetry = ReadRetry(http.Object("defaultHealthyRetryPolicy")),
                SicklyRetry = ReadRetry(http.Object("defaultSicklyRetryPolicy")),
                MaxReceivesPerSecond = ReadThrottle(http.Object("defaultThrottlePolicy")),
                HeaderContentType = ReadRequest(http.Object("defaultRequestPolicy"), isRaw: false),
            },
            DisableSubscriptionOverrides = http.Flag("disableSubscriptionOverrides"),
        };
    });

    /// <summary>{"healthyRetryPolicy":..,"sicklyRetryPolicy":..,"throttlePolicy":..,"requestPolicy":..,"guaranteed":..}</summary>
    /// <param name="json">The attribute's value.</param>
    /// <param name="isRaw">Whether the subscription has raw delivery, with which there are more content types.</param>
    public static Result<DeliveryPolicy> ReadSubscription(string json, bool isRaw) => Read(json, members =>
    {
        members.AllowOnly("healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed");
        return new DeliveryPolicy
        {
            HealthyRetry = ReadRetry(members.Object("healthyRetryPolicy")),
            SicklyRetry = ReadRetry(members.Object("sicklyRetryPolicy")),
            MaxReceivesPerSecond = ReadThrottle(members.Object("throttlePolicy")),
            HeaderContentType = ReadRequest(members.Object("requestPolicy"), isRaw),
            Guaranteed = members.Flag("guaranteed"),
        };
    });

    private static Result<T> Read<T>(string json, Func<PolicyMembers, T> read)
    {
        if (Encoding.UTF8.GetByteCount(json) > DeliveryLimits.PolicyBytesMax) return Invalid($"must be at most {DeliveryLimits.PolicyBytesMax} bytes long");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeliveryLimits.PolicyDepthMax, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Invalid("must be a JSON object");
            var problem = new PolicyProblem();
            T policy = read(new PolicyMembers(document.RootElement, "", problem));
            return problem.First is { } sentence ? Invalid(sentence) : policy;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one: half of a surrogate pair can be escaped, and throws when it is read.
            return Invalid("failed to parse JSON");
        }
    }

    private static RetryPolicy? ReadRetry(PolicyMembers? given)
    {
        if (given is not { } members) return null;
        members.AllowOnly("minDelayTarget", "maxDelayTarget", "numRetries", "numMaxDelayRetries", "numNoDelayRetries", "numMinDelayRetries", "backoffFunction");
        var policy = new RetryPolicy
        {
            MinDelayTarget = members.Required("minDelayTarget", DeliveryLimits.DelaySecondsMin, DeliveryLimits.DelaySecondsMax),
            MaxDelayTarget = members.Required("maxDelayTarget", DeliveryLimits.DelaySecondsMin, DeliveryLimits.DelaySecondsMax),
            NumRetries = members.Required("numRetries", 0, DeliveryLimits.RetriesMax),
            NumMaxDelayRetries = members.Integer("numMaxDelayRetries", 0, DeliveryLimits.RetriesMax) ?? 0,
            NumNoDelayRetries = members.Integer("numNoDelayRetries", 0, DeliveryLimits.RetriesMax) ?? 0,
            NumMinDelayRetries = members.Integer("numMinDelayRetries", 0, DeliveryLimits.RetriesMax) ?? 0,
            BackoffFunction = ReadFunction(members),
        };
        if (policy.MaxDelayTarget < policy.MinDelayTarget)
            members.Say("maxDelayTarget", "must be greater than or equal to minDelayTarget");
        else if (policy.NumNoDelayRetries + policy.NumMinDelayRetries + policy.NumMaxDelayRetries > policy.NumRetries)
            members.Say("numRetries", "must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries");
        else if (policy.Schedule.TotalMs > 1_000L * DeliveryLimits.DelaySecondsMax)
            members.Say($"must have a total retry time of less than or equal to {DeliveryLimits.DelaySecondsMax} seconds");
        return policy;
    }

    private static BackoffFunction ReadFunction(PolicyMembers members)
    {
        switch (members.Text("backoffFunction"))
        {
            case null or "linear": return BackoffFunction.Linear;
            case "arithmetic": return BackoffFunction.Arithmetic;
            case "geometric": return BackoffFunction.Geometric;
            case "exponential": return BackoffFunction.Exponential;
            default:
                members.Say("backoffFunction", "must be one of linear, arithmetic, geometric, exponential");
                return BackoffFunction.Linear;
        }
    }

    private static int? ReadThrottle(PolicyMembers? given)
    {
        given?.AllowOnly("maxReceivesPerSecond");
        return given?.Integer("maxReceivesPerSecond", DeliveryLimits.ReceivesPerSecondMin, int.MaxValue);
    }

    private static string? ReadRequest(PolicyMembers? given, bool isRaw)
    {
        given?.AllowOnly("headerContentType");
        string? value = given?.Text("headerContentType");
        if (value is not null && !HeaderContentTypes.Has(value, isRaw)) given?.Say("headerContentType", "is not a supported content type");
        return value;
    }

    private static BrokerError Invalid(string sentence) => new(ErrorCode.InvalidValue, $"{Attribute}: {sentence}", "deliveryPolicy");
}
