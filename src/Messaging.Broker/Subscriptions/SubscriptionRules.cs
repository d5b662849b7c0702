using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Messaging.Broker.Subscriptions;

/// <summary>What the parts of a subscription's definition must be true of by themselves. Pure functions.</summary>
internal static class SubscriptionRules
{
    private const string PolicyField = "filter.policy";

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = BrokerLimits.FilterPolicyDepthMax };

    /// <summary>The first rule that the filter breaks, or null: the one place that says which filters there may be.</summary>
    public static BrokerError? CheckFilter(SubscriptionFilter filter)
    {
        if (filter.Scope is not (FilterScope.Attributes or FilterScope.Body)) return Invalid("scope is attributes or body.", "filter.scope");
        // A character has at most three bytes: what is too large for the limit is too large for the memory.
        byte[] json = new byte[Math.Min(BrokerLimits.FilterPolicyBytesMax, 3L * filter.PolicyJson.Length)];
        OperationStatus status = Utf8.FromUtf16(filter.PolicyJson, json, out _, out int length, replaceInvalidSequences: false);
        if (status == OperationStatus.DestinationTooSmall) return Invalid($"A filter's policy has at most {BrokerLimits.FilterPolicyBytesMax} bytes.", PolicyField);
        return status == OperationStatus.Done && IsObject(json.AsSpan(0, length))
            ? null
            : Invalid($"A filter's policy is a JSON object of at most {BrokerLimits.FilterPolicyDepthMax} levels.", PolicyField);
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            // The last one throws on anything but white space.
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static BrokerError Invalid(string detail, string field) => new(ErrorCode.InvalidValue, detail, field);
}
