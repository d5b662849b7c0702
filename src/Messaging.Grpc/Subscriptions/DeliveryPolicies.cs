using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Subscriptions;

/// <summary>
/// A subscription's delivery policy, both ways. To be read it is written as the JSON that every other front is given, and judged by the one who reads that: so its rules stand in one place, and are told in the same words.
/// </summary>
internal static class DeliveryPolicies
{
    // Which content types there are depends on raw, so that the definition's own rules say it.
    public static DeliveryPolicy? Read(V1.DeliveryPolicy? wire) => wire is null ? null : DeliveryPolicyReader.ReadSubscription(Json(wire), isRaw: true).OrRefuse(RequestFields.OfDefinition);

    public static V1.DeliveryPolicy? Of(DeliveryPolicy? policy)
    {
        if (policy is null)
            return null;
        return new V1.DeliveryPolicy
        {
            HealthyRetryPolicy = Of(policy.HealthyRetry),
            SicklyRetryPolicy = Of(policy.SicklyRetry),
            ThrottlePolicy = policy.MaxReceivesPerSecond is { } most ? new V1.DeliveryPolicy.Types.ThrottlePolicy { MaxReceivesPerSecond = most } : null,
            RequestPolicy = policy.HeaderContentType is { } type ? new V1.DeliveryPolicy.Types.RequestPolicy { HeaderContentType = type } : null,
            Guaranteed = policy.Guaranteed,
        };
    }

    private static string Json(V1.DeliveryPolicy wire)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            Write(writer, "healthyRetryPolicy", wire.HealthyRetryPolicy);
            Write(writer, "sicklyRetryPolicy", wire.SicklyRetryPolicy);
            if (wire.ThrottlePolicy is { HasMaxReceivesPerSecond: true } throttle)
            {
                writer.WriteStartObject("throttlePolicy");
                writer.WriteNumber("maxReceivesPerSecond", throttle.MaxReceivesPerSecond);
                writer.WriteEndObject();
            }
            if (wire.RequestPolicy is { HeaderContentType.Length: > 0 } request)
            {
                writer.WriteStartObject("requestPolicy");
                writer.WriteString("headerContentType", request.HeaderContentType);
                writer.WriteEndObject();
            }
            writer.WriteBoolean("guaranteed", wire.Guaranteed);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, V1.DeliveryPolicy.Types.RetryPolicy? retry)
    {
        if (retry is null)
            return;
        writer.WriteStartObject(name);
        if (retry.HasMinDelayTarget)
            writer.WriteNumber("minDelayTarget", retry.MinDelayTarget);
        if (retry.HasMaxDelayTarget)
            writer.WriteNumber("maxDelayTarget", retry.MaxDelayTarget);
        if (retry.HasNumRetries)
            writer.WriteNumber("numRetries", retry.NumRetries);
        writer.WriteNumber("numNoDelayRetries", retry.NumNoDelayRetries);
        writer.WriteNumber("numMinDelayRetries", retry.NumMinDelayRetries);
        writer.WriteNumber("numMaxDelayRetries", retry.NumMaxDelayRetries);
        writer.WriteString("backoffFunction", NameOf(retry.BackoffFunction));
        writer.WriteEndObject();
    }

    // A number that no version of the contract that this server knows has is refused by who reads it.
    private static string NameOf(V1.DeliveryPolicy.Types.BackoffFunction function) => function switch
    {
        V1.DeliveryPolicy.Types.BackoffFunction.Unspecified or V1.DeliveryPolicy.Types.BackoffFunction.Linear => "linear",
        V1.DeliveryPolicy.Types.BackoffFunction.Arithmetic => "arithmetic",
        V1.DeliveryPolicy.Types.BackoffFunction.Geometric => "geometric",
        V1.DeliveryPolicy.Types.BackoffFunction.Exponential => "exponential",
        _ => ((int)function).ToString(CultureInfo.InvariantCulture),
    };

    private static V1.DeliveryPolicy.Types.RetryPolicy? Of(RetryPolicy? retry) => retry is null ? null : new V1.DeliveryPolicy.Types.RetryPolicy
    {
        MinDelayTarget = retry.MinDelayTarget,
        MaxDelayTarget = retry.MaxDelayTarget,
        NumRetries = retry.NumRetries,
        NumNoDelayRetries = retry.NumNoDelayRetries,
        NumMinDelayRetries = retry.NumMinDelayRetries,
        NumMaxDelayRetries = retry.NumMaxDelayRetries,
        BackoffFunction = retry.BackoffFunction switch
        {
            BackoffFunction.Linear => V1.DeliveryPolicy.Types.BackoffFunction.Linear,
            BackoffFunction.Arithmetic => V1.DeliveryPolicy.Types.BackoffFunction.Arithmetic,
            BackoffFunction.Geometric => V1.DeliveryPolicy.Types.BackoffFunction.Geometric,
            BackoffFunction.Exponential => V1.DeliveryPolicy.Types.BackoffFunction.Exponential,
        },
    };
}
