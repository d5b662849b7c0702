using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Topics;

/// <summary>
/// The access policies of topics: the one that every topic has as long as nobody sets another (Developer Guide, "Managing Amazon SNS access with IAM policies"; it allows what the owner may do anyway), and statements
/// that come and go by their labels (API Reference, AddPermission, RemovePermission). A policy is compiled once for each definition. Thread-safe.
/// </summary>
internal static class TopicPolicies
{
    public const string Attribute = "Policy";

    private static readonly ConditionalWeakTable<TopicDefinition, Compiled> Cache = [];

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null where nobody has set one. A text that is no policy, which this front never stores, allows nobody.</summary>
    public static AccessPolicy? Of(TopicDefinition definition)
    {
        if (Annotations.Of(definition.Annotations, Attribute) is null)
            return null;
        return Cache.GetValue(definition, static one =>
        {
            AccessPolicy.Parse(PolicyActions.Sns, Annotations.Of(one.Annotations, Attribute)!, out AccessPolicy? policy);
            return new Compiled(policy);
        }).Policy;
    }

    /// <summary>What GetTopicAttributes tells.</summary>
    public static string Text(TopicDefinition definition, string topicArn, AccountId owner) => Annotations.Of(definition.Annotations, Attribute) ?? Default(topicArn, owner).ToJsonString(Written);

    /// <summary>The policy with a statement more, or the refusal.</summary>
    public static AwsError? AddPermission(string policy, string topicArn, string label, IReadOnlyList<string> accounts, IReadOnlyList<string> actions, out string text)
    {
        text = policy;
        JsonArray statements = Read(policy, out JsonObject root);
        if (Find(statements, label) >= 0)
            return SnsRefusals.Invalid("Statement already exists");
        if (accounts.Count == 0 || !accounts.All(static account => AccountId.TryParse(account, out _)))
            return SnsRefusals.Invalid("AWSAccountId");
        if (actions.Count == 0 || !actions.All(static action => action != "*" && PolicyActions.Sns.Of(action) != PolicyActions.None && !PolicyActions.Sns.IsOwnersOnly(action)))
            return SnsRefusals.Invalid("Policy statement action out of service scope!");
        statements.Add(new JsonObject
        {
            ["Sid"] = label,
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = OneOrMany(accounts.Select(static account => $"arn:aws:iam::{account}:root")) },
            ["Action"] = OneOrMany(actions.Select(static action => $"SNS:{action}")),
            ["Resource"] = topicArn,
        });
        text = root.ToJsonString(Written);
        return AccessPolicy.Parse(PolicyActions.Sns, text, out _) is { } reason ? SnsRefusals.Invalid($"Policy Error: {reason}") : null;
    }

    /// <summary>The policy without the statement, empty where that was the last one. A label that is not there is no error.</summary>
    public static string RemovePermission(string policy, string label)
    {
        JsonArray statements = Read(policy, out JsonObject root);
        int index = Find(statements, label);
        if (index < 0)
            return policy;
        statements.RemoveAt(index);
        return statements.Count == 0 ? "" : root.ToJsonString(Written);
    }

    private static JsonObject Default(string topicArn, AccountId owner) => new()
    {
        ["Version"] = "2008-10-17",
        ["Id"] = "__default_policy_ID",
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Sid"] = "__default_statement_ID",
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = "*" },
            ["Action"] = new JsonArray(
                "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"),
            ["Resource"] = topicArn,
            ["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { ["AWS:SourceOwner"] = owner.Value } },
        }),
    };

    // Of a text that is a policy.
    private static JsonArray Read(string policy, out JsonObject root)
    {
        root = JsonNode.Parse(policy)!.AsObject();
        if (root["Statement"] is JsonArray statements)
            return statements;
        var list = new JsonArray(root["Statement"]!.DeepClone());
        root["Statement"] = list;
        return list;
    }

    // A single one stands alone, as the service writes it.
    private static JsonNode OneOrMany(IEnumerable<string> texts)
    {
        var list = new JsonArray([.. texts.Select(static text => (JsonNode)text)]);
        return list.Count == 1 ? list[0]!.DeepClone() : list;
    }

    private static int Find(JsonArray statements, string label)
    {
        for (int index = 0; index < statements.Count; index++)
        {
            if (statements[index]!["Sid"]?.GetValue<string>() == label)
                return index;
        }
        return -1;
    }

    private sealed record Compiled(AccessPolicy? Policy);
}
