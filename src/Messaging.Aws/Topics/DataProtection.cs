using System.Text.Json;
using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Broker.Documents;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Topics;

/// <summary>
/// Data protection policies of topics (Developer Guide, "Data protection policies in Amazon SNS"): checked, kept and told, and not applied to messages. One is of the topic that it was set on, and not of a later one of its name.
/// </summary>
internal static class DataProtection
{
    private const string Kind = "sns.protection";
    private const string Version = "2021-06-01";
    private const string TopicId = "TopicId";
    private const string Policy = "Policy";

    private static readonly string[] Operations = ["Audit", "Deidentify", "Deny"];

    /// <summary>The rule that the policy breaks, or null.</summary>
    public static AwsError? Check(string text)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > SnsLimits.DataProtectionBytesMax)
            return Invalid($"A policy has at most {SnsLimits.DataProtectionBytesMax} bytes");
        if (!Queues.PolicyText.TryParse(text, out JsonElement policy))
            return Invalid("Failed to parse JSON");
        if (Text(policy, "Name") is not { Length: > 0 })
            return Invalid("A policy has a Name");
        if (Text(policy, "Version") != Version)
            return Invalid($"The Version is {Version}");
        if (!policy.TryGetProperty("Statement", out JsonElement statements) || statements.ValueKind != JsonValueKind.Array || statements.GetArrayLength() is < 1 or > SnsLimits.DataProtectionStatementsMax)
            return Invalid($"A policy has 1 to {SnsLimits.DataProtectionStatementsMax} statements");
        foreach (JsonElement statement in statements.EnumerateArray())
        {
            if (CheckStatement(statement) is { } wrong)
                return Invalid(wrong);
        }
        return null;
    }

    public static async ValueTask<AwsError?> PutAsync(Call call, TopicDescription topic, string text) => await AttributeDocument.ChangeAsync(
        call, KeyOf(topic), (Dictionary<string, string>? _, out Dictionary<string, string>? next) =>
        {
            next = new Dictionary<string, string>(StringComparer.Ordinal) { [TopicId] = topic.Id.ToString("D"), [Policy] = text };
            return null;
        });

    /// <summary>Empty where the topic has none.</summary>
    public static async ValueTask<(AwsError? Refused, string Text)> GetAsync(Call call, TopicDescription topic)
    {
        (AwsError? refused, Dictionary<string, string>? kept) = await AttributeDocument.GetAsync(call, KeyOf(topic));
        return (refused, IsOf(kept, topic.Id) ? kept![Policy] : "");
    }

    /// <summary>The topic has none from here on; one of another topic of its name stays.</summary>
    public static ValueTask<AwsError?> DeleteAsync(Call call, TopicDescription topic) => AttributeDocument.ChangeAsync(
        call, KeyOf(topic), (Dictionary<string, string>? kept, out Dictionary<string, string>? next) =>
        {
            next = Without(kept, topic.Id);
            return null;
        });

    /// <summary>What is kept under a topic's name, without what is that topic's.</summary>
    public static Dictionary<string, string>? Without(Dictionary<string, string>? kept, Guid topic) => IsOf(kept, topic) ? null : kept;

    private static bool IsOf(Dictionary<string, string>? kept, Guid topic) => kept?.GetValueOrDefault(TopicId) == topic.ToString("D");

    private static DocumentKey KeyOf(TopicDescription topic) => AttributeDocument.Key(topic.Key.Account, topic.Key.Namespace, Kind, topic.Key.Name.Value);

    private static string? CheckStatement(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
            return "A statement is an object";
        if (Text(statement, "DataDirection") is not ("Inbound" or "Outbound"))
            return "A DataDirection is Inbound or Outbound";
        if (!IsList(statement, "Principal") || !IsList(statement, "DataIdentifier"))
            return "A statement has a list of Principal and one of DataIdentifier";
        if (!statement.TryGetProperty("Operation", out JsonElement operation) || operation.ValueKind != JsonValueKind.Object)
            return "A statement has an Operation";
        string[] names = [.. operation.EnumerateObject().Select(static one => one.Name)];
        return names is [var only] && Operations.Contains(only) ? null : "An Operation is one of Audit, Deidentify and Deny";
    }

    private static bool IsList(JsonElement statement, string name) =>
        statement.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && list.EnumerateArray().All(static one => one.ValueKind == JsonValueKind.String);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static AwsError Invalid(string reason) => SnsRefusals.Invalid("DataProtectionPolicy", reason);
}
