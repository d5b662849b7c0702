using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Aws.Errors;
using Messaging.Broker.Names;

namespace Messaging.Aws.Policies;

/// <summary>
/// AddPermission and RemovePermission: statements that come and go by their labels, in the text of the policy, whose other statements stay as they were
/// written. Pure. Source: API Reference, "AddPermission", "RemovePermission".
/// </summary>
internal static class PolicyEditor
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null with the new text, or the refusal. <paramref name="policy"/>: null or empty where there is none.</summary>
    public static AwsError? AddPermission(
        string? policy, string queueArn, string label, IReadOnlyList<string> accounts, IReadOnlyList<string> actions, out string text)
    {
        text = policy ?? "";
        AwsError? refused = CheckLabel(label) ?? CheckAccounts(accounts) ?? CheckActions(actions);
        if (refused is not null)
            return refused;
        if (Read(policy, queueArn) is not var (root, statements))
            return InvalidPolicy();
        if (Find(statements, label) >= 0)
            return Invalid(label, "Label", "Already exists.");
        if (statements.Count >= AwsLimits.PolicyStatementsMax)
            return new AwsError(AwsErrorCode.OverLimit, $"{statements.Count + 1} Statements were found, maximum allowed is {AwsLimits.PolicyStatementsMax}.");
        statements.Add(Statement(label, queueArn, accounts, actions));
        string edited = root.ToJsonString(Written);
        if (AccessPolicy.Parse(PolicyActions.Sqs, edited, out _) is not null)
            return new AwsError(AwsErrorCode.OverLimit, $"The policy would be longer than {AwsLimits.PolicyBytesMax} bytes.");
        text = edited;
        return null;
    }

    /// <summary>Null with the new text, empty once there is no statement left; or the refusal.</summary>
    public static AwsError? RemovePermission(string? policy, string queueArn, string label, out string text)
    {
        text = policy ?? "";
        if (CheckLabel(label) is { } refused)
            return refused;
        if (Read(policy, queueArn) is not var (root, statements))
            return InvalidPolicy();
        int index = Find(statements, label);
        if (index < 0)
            return Invalid(label, "Label", "can't find label.");
        statements.RemoveAt(index);
        text = statements.Count == 0 ? "" : root.ToJsonString(Written);
        return null;
    }

    private static AwsError? CheckLabel(string label) =>
        label.Length is > 0 and <= AwsLimits.LabelCharactersMax && !label.AsSpan().ContainsAnyExcept(LabelCharacters)
            ? null
            : Invalid(label, "Label", $"Can only include alphanumeric characters, hyphens, or underscores. 1 to {AwsLimits.LabelCharactersMax} in length.");

    private static AwsError? CheckAccounts(IReadOnlyList<string> accounts)
    {
        if (accounts.Count == 0)
            return Refusals.Missing("PrincipalId");
        if (accounts.Count > AwsLimits.PolicyPrincipalsMax)
            return new AwsError(AwsErrorCode.OverLimit, $"{accounts.Count} Principals were found, maximum allowed is {AwsLimits.PolicyPrincipalsMax}.");
        foreach (string account in accounts)
        {
            if (!AccountId.TryParse(account, out _))
                return Invalid($"[{account}]", "PrincipalId", "Unable to verify.");
        }
        return null;
    }

    private static AwsError? CheckActions(IReadOnlyList<string> actions)
    {
        if (actions.Count == 0)
            return Refusals.Missing("Actions");
        if (actions.Count > AwsLimits.PolicyActionsMax)
            return new AwsError(AwsErrorCode.OverLimit, $"{actions.Count} Actions were found, maximum allowed is {AwsLimits.PolicyActionsMax}.");
        foreach (string action in actions)
        {
            if (action == "*")
                continue;
            if (PolicyActions.Sqs.Of(action) == PolicyActions.None || PolicyActions.Sqs.Granted(action) != action)
                return Invalid($"SQS:{action}", "ActionName", "Please refer to the appropriate WSDL for a list of valid actions.");
            if (PolicyActions.Sqs.IsOwnersOnly(action))
                return Invalid($"SQS:{action}", "ActionName", "Only the queue owner is allowed to invoke this action.");
        }
        return null;
    }

    private static (JsonObject Root, JsonArray Statements)? Read(string? policy, string queueArn)
    {
        if (string.IsNullOrEmpty(policy))
        {
            var made = new JsonArray();
            return (new JsonObject { ["Version"] = "2008-10-17", ["Id"] = $"{queueArn}/SQSDefaultPolicy", ["Statement"] = made }, made);
        }
        if (AccessPolicy.Parse(PolicyActions.Sqs, policy, out _) is not null)
            return null;
        JsonObject root = JsonNode.Parse(policy)!.AsObject();
        if (root["Statement"] is JsonArray statements)
            return (root, statements);
        JsonNode only = root["Statement"]!.DeepClone();
        var list = new JsonArray(only);
        root["Statement"] = list;
        return (root, list);
    }

    private static JsonObject Statement(string label, string queueArn, IReadOnlyList<string> accounts, IReadOnlyList<string> actions)
    {
        var principals = new JsonArray();
        foreach (string account in accounts)
            principals.Add($"arn:aws:iam::{account}:root");
        var names = new JsonArray();
        foreach (string action in actions)
            names.Add($"SQS:{action}");
        return new JsonObject
        {
            ["Sid"] = label,
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = OneOrMany(principals) },
            ["Action"] = OneOrMany(names),
            ["Resource"] = queueArn,
        };
    }

    // A single one stands alone, as the service writes it.
    private static JsonNode OneOrMany(JsonArray texts) => texts.Count == 1 ? texts[0]!.DeepClone() : texts;

    private static int Find(JsonArray statements, string label)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            if (statements[i]!["Sid"]?.GetValue<string>() == label)
                return i;
        }
        return -1;
    }

    private static AwsError Invalid(string value, string parameter, string reason) =>
        Refusals.Invalid(parameter, value, reason);

    private static AwsError InvalidPolicy() => new(AwsErrorCode.InvalidAttributeValue, "Invalid value for the parameter Policy.");
}
