using System.Globalization;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>
/// The attribute RedrivePolicy: the ARN of a queue's dead-letter queue, and how often a message is received before it goes there (Developer Guide, "Using dead-letter queues"). It is told as the service tells it, with
/// the count as a number, however it came. Pure.
/// </summary>
internal static class RedrivePolicy
{
    private const string Target = "deadLetterTargetArn";
    private const string Count = "maxReceiveCount";

    public static string? Read(QueueView view) => view.Definition.DeadLetter is not { } deadLetter ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"{Target}\":\"{new QueueArn(view.Region, view.Queue.Key.Account, deadLetter.Queue)}\",\"{Count}\":{deadLetter.MaxReceives}}}");

    /// <summary>Whether the target is there and wants it is the caller's to look at.</summary>
    public static AwsError? Set(DefinitionDraft draft, string value)
    {
        if (value.Length == 0)
        {
            draft.Definition = draft.Definition with { DeadLetter = null };
            return null;
        }
        if (!PolicyText.TryParse(value, out JsonElement policy))
            return Invalid(value, "Redrive policy is not a valid JSON map.");
        if (!policy.TryGetProperty(Target, out JsonElement target))
            return Invalid(value, $"Redrive policy does not contain mandatory attribute: {Target}.");
        if (!policy.TryGetProperty(Count, out JsonElement count))
            return Invalid(value, $"Redrive policy does not contain mandatory attribute: {Count}.");
        if (!TryReadCount(count, out int receives))
            return Invalid(value, $"Invalid value for {Count}: {PolicyText.Shown(count)}, valid values are from 1 to {AwsLimits.ReceiveCountMax} both inclusive.");
        if (target.ValueKind != JsonValueKind.String || !QueueArn.TryParse(target.GetString(), out QueueArn arn))
            return Invalid(value, $"Invalid value for {Target}.");
        if (arn.Account != draft.Key.Account)
            return Invalid(value, "Dead letter target owner should be same as the source.");
        if (arn.Region != draft.Region)
            return Invalid(value, "Dead letter target must be in the same region as the source.");
        draft.Definition = draft.Definition with { DeadLetter = new DeadLetterDefinition { Queue = arn.Name, MaxReceives = receives } };
        return null;
    }

    public static AwsError Invalid(string value, string reason) => Refusals.Invalid(QueuePolicies.Redrive, value, reason);

    private static bool TryReadCount(JsonElement element, out int count)
    {
        count = 0;
        bool isNumber = element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetInt32(out count),
            JsonValueKind.String => int.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out count),
            _ => false,
        };
        return isNumber && count is >= 1 and <= AwsLimits.ReceiveCountMax;
    }
}
