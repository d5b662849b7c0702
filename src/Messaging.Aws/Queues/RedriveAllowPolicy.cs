using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>
/// The attribute RedriveAllowPolicy: which queues may have this one as their dead-letter queue: all (as without it), none, or up to 10 by their ARNs (Developer Guide, "Configuring queue redrive permissions"). Pure.
/// </summary>
internal static class RedriveAllowPolicy
{
    private const string Permission = "redrivePermission";
    private const string Sources = "sourceQueueArns";
    private const string AllowAll = "allowAll";
    private const string DenyAll = "denyAll";
    private const string ByQueue = "byQueue";

    public static AwsError? Set(DefinitionDraft draft, string value)
    {
        if (value.Length > 0 && Check(value) is { } reason)
            return Refusals.Invalid(QueuePolicies.RedriveAllow, value, reason);
        draft.Annotate(QueuePolicies.RedriveAllow, value);
        return null;
    }

    /// <summary>Whether the queue of this definition takes dead letters of that one.</summary>
    public static bool Allows(QueueDefinition target, QueueArn source)
    {
        if (DefinitionDraft.Annotation(target, QueuePolicies.RedriveAllow) is not { } text)
            return true;
        // What is there and no policy, by whichever front, allows nobody.
        if (!PolicyText.TryParse(text, out JsonElement policy) || Check(text) is not null)
            return false;
        string? permission = policy.GetProperty(Permission).GetString();
        return permission == AllowAll
            || (permission == ByQueue && policy.GetProperty(Sources).EnumerateArray().Any(one => one.GetString() == source.ToString()));
    }

    private static string? Check(string value)
    {
        if (!PolicyText.TryParse(value, out JsonElement policy))
            return "Redrive allow policy is not a valid JSON map.";
        if (!policy.TryGetProperty(Permission, out JsonElement permission))
            return $"Redrive allow policy does not contain mandatory attribute: {Permission}.";
        bool hasSources = policy.TryGetProperty(Sources, out JsonElement sources);
        return (permission.ValueKind == JsonValueKind.String ? permission.GetString() : null) switch
        {
            AllowAll or DenyAll => hasSources ? $"{Sources} can be given with {ByQueue} only." : null,
            ByQueue => hasSources && AreArns(sources) ? null : $"{ByQueue} needs {Sources}, 1 to {AwsLimits.RedriveSourcesMax} ARNs of queues.",
            _ => $"{Permission} must be {AllowAll}, {DenyAll} or {ByQueue}.",
        };
    }

    private static bool AreArns(JsonElement sources) =>
        sources.ValueKind == JsonValueKind.Array && sources.GetArrayLength() is >= 1 and <= AwsLimits.RedriveSourcesMax
        && sources.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String && QueueArn.TryParse(one.GetString(), out _));
}
