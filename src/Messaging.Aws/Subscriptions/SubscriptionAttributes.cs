using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Queues;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Aws.Subscriptions;

/// <summary>
/// All attributes of subscriptions (API Reference, Subscribe, SetSubscriptionAttributes, GetSubscriptionAttributes). What is set reads back as it was set. What is wrong with a value is told as SNS tells it behind
/// "Invalid parameter: ". Pure.
/// </summary>
internal static class SubscriptionAttributes
{
    /// <summary>Who made it, as an ARN.</summary>
    public const string Principal = "SubscriptionPrincipal";

    /// <summary>That it can be ended with a signature only.</summary>
    public const string Authenticated = "ConfirmationWasAuthenticated";

    private const string Raw = "RawMessageDelivery";
    private const string Scope = "FilterPolicyScope";
    private const string Policy = "FilterPolicy";
    private const string Redrive = "RedrivePolicy";
    private const string Delivery = "DeliveryPolicy";
    private const string Role = "SubscriptionRoleArn";
    private const string RedriveTarget = "deadLetterTargetArn";
    private const string OfAttributes = "MessageAttributes";
    private const string OfBody = "MessageBody";

    /// <summary>In the order in which they are set: what others depend on comes first.</summary>
    public static readonly IReadOnlyList<SubscriptionAttribute> All =
    [
        new("SubscriptionArn", static view => view.Arn),
        new("TopicArn", static view => view.TopicArn),
        new("Protocol", static view => SubscriptionEndpoint.Of(view.Subscription, view.Region).Protocol),
        new("Endpoint", static view => SubscriptionEndpoint.Of(view.Subscription, view.Region).Text),
        new("Owner", static view => view.Topic.Account.Value),
        new(Principal, static view => view.Annotation(Principal)),
        new(Authenticated, static view => view.Definition.Target is SubscriptionTarget.OfQueue ? "true" : view.Annotation(Authenticated) ?? "false"),
        new("PendingConfirmation", static view => view.Subscription.Pending ? "true" : "false"),
        new(Raw, static view => view.Definition.Raw ? "true" : "false", SetRaw),
        new(Scope, static view => view.Definition.Filter is null ? null : view.Definition.Filter.Scope == FilterScope.Body ? OfBody : OfAttributes, SetScope),
        new(Policy, static view => view.Definition.Filter?.PolicyJson, SetPolicy),
        new(Redrive, static view => view.Definition.DeadLetter is { } queue
            ? $"{{\"{RedriveTarget}\":\"{new QueueArn(view.Region, view.Topic.Account, queue)}\"}}" : null, SetRedrive),
        new(Delivery, static view => view.Definition.DeliveryPolicy is { } policy ? DeliveryPolicyWriter.Write(policy) : null, SetDelivery),
        new("EffectiveDeliveryPolicy", ReadEffective),
        new(ReplayPolicy.Attribute, static view => view.Annotation(ReplayPolicy.Attribute), SetReplay),
        new("ReplayStatus", ReadReplayStatus),
        new(Role, static view => view.Annotation(Role), SetRole),
    ];

    private static readonly Dictionary<string, SubscriptionAttribute> ByName = All.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>One that a client can set; false for what is none.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out SubscriptionAttribute? attribute) => ByName.TryGetValue(name, out attribute) && attribute.Set is not null;

    /// <summary>Sets what is given; what is wrong with the first value that is, or null.</summary>
    public static string? Set(SubscriptionDraft draft, IReadOnlyDictionary<string, string> values)
    {
        foreach (string name in values.Keys)
        {
            if (!TryGet(name, out _))
                return $"Unknown attribute: {Refusals.Shown(name)}";
        }
        foreach (SubscriptionAttribute attribute in All)
        {
            if (values.TryGetValue(attribute.Name, out string? value) && attribute.Set!(draft, value) is { } wrong)
                return wrong;
        }
        return null;
    }

    private static string? SetRaw(SubscriptionDraft draft, string value)
    {
        bool isRaw = value.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (!isRaw && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
            return $"{Raw}: Invalid value [{Refusals.Shown(value)}]. Must be true or false.";
        draft.Definition = draft.Definition with { Raw = isRaw };
        return null;
    }

    // It may come before its policy, which then has it.
    private static string? SetScope(SubscriptionDraft draft, string value)
    {
        if (value is not (OfAttributes or OfBody))
            return $"{Scope}: Invalid value [{Refusals.Shown(value)}]. Please use either {OfBody} or {OfAttributes}";
        draft.Annotate(Scope, value == OfBody ? value : null);
        return draft.Definition.Filter is { } filter ? SetPolicy(draft, filter.PolicyJson) : null;
    }

    private static string? SetPolicy(SubscriptionDraft draft, string value)
    {
        if (value.Length == 0 || (PolicyText.TryParse(value, out JsonElement policy) && !policy.EnumerateObject().MoveNext()))
        {
            draft.Definition = draft.Definition with { Filter = null };
            return null;
        }
        FilterScope scope = draft.Annotation(Scope) == OfBody ? FilterScope.Body : FilterScope.Attributes;
        FilterRefusal? refused = FilterPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(value), scope, FilterLimits.Sns, out _);
        if (refused is not null)
            return refused.Kind == FilterRefusalKind.NestedInAttributes ? refused.Reason : $"{Policy}: {refused.Reason}";
        draft.Definition = draft.Definition with { Filter = new SubscriptionFilter(scope, value) };
        return null;
    }

    private static string? SetRedrive(SubscriptionDraft draft, string value)
    {
        QueueName? deadLetter = null;
        if (value.Length > 0)
        {
            if (!PolicyText.TryParse(value, out JsonElement policy))
                return $"{Redrive}: failed to parse JSON.";
            bool isText = policy.TryGetProperty(RedriveTarget, out JsonElement target) && target.ValueKind == JsonValueKind.String;
            if (!isText || !QueueArn.TryParse(target.GetString(), out QueueArn arn) || arn.Account != draft.Topic.Account || arn.Region != draft.Region)
                return $"{Redrive}: {RedriveTarget} is an invalid arn";
            deadLetter = arn.Name;
        }
        draft.Definition = draft.Definition with { DeadLetter = deadLetter };
        return null;
    }

    private static string? SetDelivery(SubscriptionDraft draft, string value)
    {
        Result<DeliveryPolicy> policy = value.Length == 0 ? DeliveryPolicy.None : DeliveryPolicyReader.ReadSubscription(value, draft.Definition.Raw);
        if (!policy.IsOk)
            return policy.Error.Detail;
        draft.Definition = draft.Definition with { DeliveryPolicy = value.Length == 0 ? null : policy.Value };
        return null;
    }

    // Clients must give it for a delivery stream; here the gateway delivers, and nothing depends on it.
    private static string? SetRole(SubscriptionDraft draft, string value)
    {
        if (!value.StartsWith("arn:", StringComparison.Ordinal))
            return $"{Role}: Invalid value [{Refusals.Shown(value)}]. Must be an ARN.";
        draft.Annotate(Role, value);
        return null;
    }

    private static string? SetReplay(SubscriptionDraft draft, string value)
    {
        if (value is "" or "{}")
        {
            (draft.Replay, value) = (new AskedReplay(null), "");
        }
        else
        {
            if (ReplayPolicy.Read(value, out ReplayPolicy policy) is { } wrong)
                return $"{ReplayPolicy.Attribute}: {wrong}";
            draft.Replay = new AskedReplay(policy);
        }
        draft.Annotate(ReplayPolicy.Attribute, value);
        return null;
    }

    // Of an archive without a message there was nothing to begin with.
    private static string? ReadReplayStatus(SubscriptionView view) =>
        view.Annotation(ReplayPolicy.Attribute) is null ? null : ReplayPolicy.NameOf(view.Subscription.Replay?.Status ?? ReplayStatus.Completed);

    // Of endpoints of HTTP alone.
    private static string? ReadEffective(SubscriptionView view) => view.Definition.Target is SubscriptionTarget.OfEndpoint && view.OfTopic is { } topic
        ? DeliveryPolicyWriter.Write(EffectiveDeliveryPolicy.Of(TopicAttributes.PolicyOf(topic), view.Definition.DeliveryPolicy ?? DeliveryPolicy.None))
        : null;
}
