using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>
/// Delivery policies as SNS tells them: the attributes DeliveryPolicy, with what was said, and EffectiveDeliveryPolicy, with what counts. In one line, members in SNS's order, what is not said as null. Pure.
/// </summary>
public static class DeliveryPolicyWriter
{
    // A content type's '+' stays readable; no page shows this.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of a topic, as it was said.</summary>
    public static string Write(TopicDeliveryPolicy policy) => Write(policy, static (writer, policy) =>
        WriteTopic(writer, policy.Defaults.HealthyRetry, policy.Defaults, policy.Defaults.HeaderContentType, policy.DisableSubscriptionOverrides));

    /// <summary>Of a topic, as it counts for its subscriptions that say nothing.</summary>
    public static string WriteEffective(TopicDeliveryPolicy policy) => Write(policy, static (writer, policy) =>
    {
        EffectiveDeliveryPolicy effective = EffectiveDeliveryPolicy.Of(policy, DeliveryPolicy.None);
        WriteTopic(writer, effective.Retry, policy.Defaults, effective.HeaderContentType, policy.DisableSubscriptionOverrides);
    });

    /// <summary>Of a subscription, as it was said.</summary>
    public static string Write(DeliveryPolicy policy) => Write(policy, static (writer, policy) =>
        WriteSubscription(writer, policy.HealthyRetry, policy.SicklyRetry, policy.MaxReceivesPerSecond, policy.HeaderContentType, policy.Guaranteed));

    /// <summary>Of a subscription, as it counts.</summary>
    public static string Write(EffectiveDeliveryPolicy policy) => Write(policy, static (writer, policy) =>
        WriteSubscription(writer, policy.Retry, policy.SicklyRetry, policy.MaxReceivesPerSecond, policy.HeaderContentType, policy.Guaranteed));

    private static string Write<T>(T policy, Action<Utf8JsonWriter, T> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            write(writer, policy);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // A topic's members that are not said are left out; a subscription's are null. So SNS has it.
    private static void WriteTopic(Utf8JsonWriter writer, RetryPolicy? retry, DeliveryPolicy defaults, string? contentType, bool disableOverrides)
    {
        writer.WriteStartObject("http");
        if (retry is not null) WriteRetry(writer, "defaultHealthyRetryPolicy", retry);
        if (defaults.SicklyRetry is not null) WriteRetry(writer, "defaultSicklyRetryPolicy", defaults.SicklyRetry);
        writer.WriteBoolean("disableSubscriptionOverrides", disableOverrides);
        if (defaults.MaxReceivesPerSecond is not null) WriteThrottle(writer, "defaultThrottlePolicy", defaults.MaxReceivesPerSecond);
        if (contentType is not null) WriteRequest(writer, "defaultRequestPolicy", contentType);
        writer.WriteEndObject();
    }

    private static void WriteSubscription(Utf8JsonWriter writer, RetryPolicy? retry, RetryPolicy? sickly, int? receives, string? contentType, bool guaranteed)
    {
        WriteRetry(writer, "healthyRetryPolicy", retry);
        WriteRetry(writer, "sicklyRetryPolicy", sickly);
        WriteThrottle(writer, "throttlePolicy", receives);
        WriteRequest(writer, "requestPolicy", contentType);
        writer.WriteBoolean("guaranteed", guaranteed);
    }

    private static void WriteRetry(Utf8JsonWriter writer, string name, RetryPolicy? policy)
    {
        writer.WritePropertyName(name);
        if (policy is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("minDelayTarget", policy.MinDelayTarget);
        writer.WriteNumber("maxDelayTarget", policy.MaxDelayTarget);
        writer.WriteNumber("numRetries", policy.NumRetries);
        writer.WriteNumber("numMaxDelayRetries", policy.NumMaxDelayRetries);
        writer.WriteNumber("numNoDelayRetries", policy.NumNoDelayRetries);
        writer.WriteNumber("numMinDelayRetries", policy.NumMinDelayRetries);
        writer.WriteString("backoffFunction", NameOf(policy.BackoffFunction));
        writer.WriteEndObject();
    }

    private static void WriteThrottle(Utf8JsonWriter writer, string name, int? receives)
    {
        writer.WritePropertyName(name);
        if (receives is not { } number)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("maxReceivesPerSecond", number);
        writer.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter writer, string name, string? contentType)
    {
        writer.WritePropertyName(name);
        if (contentType is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("headerContentType", contentType);
        writer.WriteEndObject();
    }

    private static string NameOf(BackoffFunction function) => function switch
    {
        BackoffFunction.Linear => "linear",
        BackoffFunction.Arithmetic => "arithmetic",
        BackoffFunction.Geometric => "geometric",
        BackoffFunction.Exponential => "exponential",
    };
}
