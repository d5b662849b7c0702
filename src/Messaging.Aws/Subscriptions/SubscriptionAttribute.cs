using Messaging.Aws.Topics;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>What an attribute is read from: the subscription at one moment, in its region.</summary>
internal readonly record struct SubscriptionView(SubscriptionDescription Subscription, string TopicArn, string Arn, string Region, TopicDefinition? OfTopic)
{
    public SubscriptionDefinition Definition => Subscription.Definition;

    public TopicKey Topic => Subscription.Key.Topic;

    public string? Annotation(string attribute) => Annotations.Of(Subscription.Definition.Annotations, attribute);
}

/// <summary>What a call wants of a subscription's replays.</summary>
/// <param name="Policy">The one that is to begin; null: what goes on is to end.</param>
internal readonly record struct AskedReplay(ReplayPolicy? Policy);

/// <summary>A definition on its way to another one, attribute by attribute. Owned by one call.</summary>
internal sealed class SubscriptionDraft(TopicKey topic, string region, SubscriptionDefinition definition)
{
    public TopicKey Topic { get; } = topic;

    public string Region { get; } = region;

    public SubscriptionDefinition Definition { get; set; } = definition;

    /// <summary>A replay that is asked for, or, without a policy, the end of one; null: nothing is asked.</summary>
    public AskedReplay? Replay { get; set; }

    public string? Annotation(string attribute) => Annotations.Of(Definition.Annotations, attribute);

    public void Annotate(string attribute, string? value) => Definition = Definition with { Annotations = Annotations.With(Definition.Annotations, attribute, value) };
}

/// <summary>One attribute of a subscription: how it is read, null where the subscription does not have it, and how it is set (null, or what is wrong); one without that is the service's own. Immutable.</summary>
internal sealed record SubscriptionAttribute(string Name, Func<SubscriptionView, string?> Read, Func<SubscriptionDraft, string, string?>? Set = null);
