using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Broker;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Topics;

/// <summary>
/// All attributes of topics (API Reference, CreateTopic, SetTopicAttributes, GetTopicAttributes). What is set reads back as it was set, so that tools see no drift, until another front changes what it means; an empty value resets. What is wrong with a value is told
/// as SNS tells it behind "Invalid parameter: ". Pure.
/// </summary>
internal static class TopicAttributes
{
    public const string DeliveryPolicy = "DeliveryPolicy";
    public const string Archive = "ArchivePolicy";

    private const string ContentBased = "ContentBasedDeduplication";
    private const string ThroughputScope = "FifoThroughputScope";
    private const string ScopeTopic = "Topic";
    private const string ScopeGroup = "MessageGroup";
    private const string Fifo = "FifoTopic";
    private const string DisplayName = "DisplayName";
    private const string ArchivePeriod = "MessageRetentionPeriod";
    private const int SecondsOfDay = 86_400;

    private static readonly string[] Monitored = ["Application", "Firehose", "HTTP", "Lambda", "SQS"];

    /// <summary>In the order in which they are set: what others depend on comes first.</summary>
    public static readonly IReadOnlyList<TopicAttribute> All =
    [
        new(Fifo, static view => view.IsFifo ? "true" : null, SetFifo),
        new(DisplayName, static view => view.Annotation(DisplayName) ?? "", SetDisplayName),
        new(TopicPolicies.Attribute, static view => TopicPolicies.Text(view.Definition, view.Arn, view.Topic.Key.Account), SetPolicy),
        new(DeliveryPolicy, static view => view.Annotation(DeliveryPolicy) is null ? null : DeliveryPolicyWriter.Write(PolicyOf(view.Definition)), SetDeliveryPolicy),
        new("EffectiveDeliveryPolicy", static view => DeliveryPolicyWriter.WriteEffective(PolicyOf(view.Definition))),
        Text("KmsMasterKeyId", static value => value.Length <= AwsLimits.KmsKeyCharactersMax),
        Text("SignatureVersion", static value => value is "1" or "2"),
        Text("TracingConfig", static value => value is "PassThrough" or "Active"),
        .. Monitored.SelectMany(static protocol => (TopicAttribute[])
        [
            Text($"{protocol}SuccessFeedbackRoleArn", IsRole), Text($"{protocol}FailureFeedbackRoleArn", IsRole), Text($"{protocol}SuccessFeedbackSampleRate", IsPercentage),
        ]),
        new(ContentBased, static view => view.Definition.Deduplication is { ContentBased: true } ? "true" : "false", SetContentBased) { IsOfFifo = true },
        new(ThroughputScope, ReadThroughputScope, SetThroughputScope) { IsOfFifo = true },
        new(Archive, ReadArchive, SetArchive) { IsOfFifo = true },
        new("BeginningArchiveTime", static view => view.ArchiveBeginsMs is { } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : null) { IsOfFifo = true },
        new("TopicArn", static view => view.Arn),
        new("Owner", static view => view.Topic.Key.Account.Value),
        new("SubscriptionsConfirmed", static view => (view.Counts.OfTopic - view.Counts.PendingOfTopic).ToString(CultureInfo.InvariantCulture)),
        new("SubscriptionsPending", static view => view.Counts.PendingOfTopic.ToString(CultureInfo.InvariantCulture)),
        new("SubscriptionsDeleted", static _ => "0"),
    ];

    private static readonly Dictionary<string, TopicAttribute> ByName = All.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>One that a client can set; false for what is none.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out TopicAttribute? attribute) => ByName.TryGetValue(name, out attribute) && attribute.Set is not null;

    /// <summary>What the topic has of it, or null.</summary>
    public static string? Read(TopicAttribute attribute, in TopicView view) => attribute.IsOfFifo && !view.IsFifo ? null : attribute.Read(view);

    /// <summary>Sets what is given; what is wrong with the first value that is, or null.</summary>
    public static string? Set(TopicDraft draft, IReadOnlyDictionary<string, string> values)
    {
        foreach (string name in values.Keys)
        {
            if (!TryGet(name, out _))
                return $"Unknown attribute: {Refusals.Shown(name)}";
        }
        foreach (TopicAttribute attribute in All)
        {
            if (!values.TryGetValue(attribute.Name, out string? value))
                continue;
            if (attribute.IsOfFifo && !draft.IsFifo)
                return $"{attribute.Name}: can only be set on FIFO topics";
            if (attribute.Set!(draft, value) is { } wrong)
                return wrong;
        }
        return null;
    }

    /// <summary>The delivery policy that a topic has, or one that says nothing.</summary>
    public static TopicDeliveryPolicy PolicyOf(TopicDefinition definition)
    {
        if (Annotations.Of(definition.Annotations, DeliveryPolicy) is not { } json)
            return TopicDeliveryPolicy.None;
        Result<TopicDeliveryPolicy> policy = DeliveryPolicyReader.ReadTopic(json);
        return policy.IsOk ? policy.Value : TopicDeliveryPolicy.None;
    }

    private static TopicAttribute Text(string name, Func<string, bool> isLegal) => new(name, view => view.Annotation(name), (draft, value) =>
    {
        if (value.Length > 0 && !isLegal(value))
            return $"{name}: Invalid value [{Refusals.Shown(value)}]";
        draft.Annotate(name, value);
        return null;
    });

    private static bool IsRole(string value) => value.StartsWith("arn:", StringComparison.Ordinal) && value.Length <= AwsLimits.KmsKeyCharactersMax;

    private static bool IsPercentage(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int share) && share <= 100;

    // A topic is a FIFO one from its beginning, or never.
    private static string? SetFifo(TopicDraft draft, string value)
    {
        if (value is not ("true" or "false"))
            return $"{Fifo}: Invalid value [{Refusals.Shown(value)}]. Must be true or false.";
        if (draft.IsNew)
            draft.Definition = draft.Definition with { Type = value == "true" ? TopicType.Fifo : TopicType.Standard };
        return draft.IsFifo == (value == "true") ? null : $"{Fifo}: can't be changed";
    }

    private static string? SetDisplayName(TopicDraft draft, string value)
    {
        if (value.Length > SnsLimits.DisplayNameCharactersMax || value.Any(char.IsControl))
            return $"{DisplayName}: must be at most {SnsLimits.DisplayNameCharactersMax} characters long, without control characters";
        draft.Annotate(DisplayName, value);
        return null;
    }

    private static string? SetPolicy(TopicDraft draft, string value)
    {
        if (value.Length > 0 && AccessPolicy.Parse(PolicyActions.Sns, value, out _) is { } reason)
            return $"Policy Error: {reason}";
        draft.Annotate(TopicPolicies.Attribute, value);
        return null;
    }

    private static string? SetDeliveryPolicy(TopicDraft draft, string value)
    {
        if (value.Length > 0 && DeliveryPolicyReader.ReadTopic(value).Error is { } refused)
            return refused.Detail;
        draft.Annotate(DeliveryPolicy, value);
        return null;
    }

    private static string? SetContentBased(TopicDraft draft, string value)
    {
        if (value is not ("true" or "false" or ""))
            return $"{ContentBased}: Invalid value [{Refusals.Shown(value)}]. Must be true or false.";
        draft.Deduplicate(one => one with { ContentBased = value == "true" });
        return null;
    }

    private static string? ReadThroughputScope(TopicView view) => view.Definition.Deduplication is { Scope: DeduplicationScope.Group } ? ScopeGroup
        : view.Annotation(ThroughputScope) is null ? null : ScopeTopic;

    // What deduplicates within a group keeps only that apart; nothing here is throttled.
    private static string? SetThroughputScope(TopicDraft draft, string value)
    {
        if (value is not (ScopeTopic or ScopeGroup or ""))
            return $"{ThroughputScope}: Invalid value [{Refusals.Shown(value)}]";
        draft.Annotate(ThroughputScope, value);
        draft.Deduplicate(one => one with { Scope = value == ScopeGroup ? DeduplicationScope.Group : DeduplicationScope.Queue });
        return null;
    }

    // Of a topic that keeps its records for another time than was set here, in whole days that have it; none where it keeps nothing.
    private static string? ReadArchive(TopicView view)
    {
        if (view.Annotation(Archive) is not { } set)
            return null;
        int seconds = view.Definition.RetentionSeconds ?? int.MaxValue;
        if (TryReadArchive(set, out int days) && seconds == days * SecondsOfDay)
            return set;
        return seconds == 0 ? null : $$"""{"{{ArchivePeriod}}":"{{Math.Min(((seconds - 1) / SecondsOfDay) + 1, SnsLimits.ArchiveDaysMax)}}"}""";
    }

    // The archive is what the topic itself keeps.
    private static string? SetArchive(TopicDraft draft, string value)
    {
        int days = 0;
        if (value is not ("" or "{}") && !TryReadArchive(value, out days))
            return $"{Archive}: must have a {ArchivePeriod} of 1 to {SnsLimits.ArchiveDaysMax} days";
        draft.Annotate(Archive, days == 0 ? null : value);
        draft.Definition = draft.Definition with { RetentionSeconds = days * SecondsOfDay };
        return null;
    }

    private static bool TryReadArchive(string value, out int days)
    {
        days = 0;
        if (!PolicyText.TryParse(value, out JsonElement policy) || !policy.TryGetProperty(ArchivePeriod, out JsonElement period))
            return false;
        string text = period.ValueKind == JsonValueKind.String ? period.GetString()! : period.GetRawText();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is >= 1 and <= SnsLimits.ArchiveDaysMax;
    }
}
