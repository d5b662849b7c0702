using System.Collections.ObjectModel;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Subscriptions;

/// <summary>What the catalog stores of a subscription: immutable, compared by content.</summary>
public sealed record SubscriptionDefinition
{
    /// <summary>All defaults, and no target.</summary>
    internal static SubscriptionDefinition Default { get; } = new();

    /// <summary>Where its messages go. There is no default: without a name it is refused.</summary>
    public SubscriptionTarget Target { get; init; } = new SubscriptionTarget.OfQueue(default);

    /// <summary>Which messages it gets; null: all.</summary>
    public SubscriptionFilter? Filter { get; init; }

    /// <summary>The message arrives as it was published; else wrapped in a notification document. Of no effect on mail, functions and gateways, which have documents of their own.</summary>
    public bool Raw { get; init; } = true;

    /// <summary>When and how fast a pushed message is delivered; null: as the topic says, or as Amazon SNS has it by default.</summary>
    public DeliveryPolicy? DeliveryPolicy { get; init; }

    /// <summary>
    /// Its owner vouches that the endpoint or the mailbox wants it. Else it gets nothing, but for the question whether it does, until somebody answers with the token of that
    /// (<see cref="SubscriptionBroker.ConfirmAsync"/>). Queues, functions and gateways are not asked.
    /// </summary>
    public bool Confirmed { get; init; }

    /// <summary>The queue, of the topic's account and namespace, for what can't be delivered; null: that is given up.</summary>
    public QueueName? DeadLetter { get; init; }

    /// <summary>With which records it began; it can't change.</summary>
    public SubscriptionStart StartAt { get; init; }

    /// <summary>At most <see cref="BrokerLimits.TagsMax"/>; the broker only keeps them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What a front keeps with a subscription for its own protocol; the broker only keeps it. At most <see cref="BrokerLimits.AnnotationsMax"/>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Characters of all that may be long.</summary>
    internal int Characters => DefinitionTexts.Characters(Tags) + DefinitionTexts.Characters(Annotations) + (Filter?.PolicyJson.Length ?? 0) + Target.Characters;

    /// <summary>The first rule that this definition breaks by itself, with the field's name; null when it is legal.</summary>
    public BrokerError? Validate()
    {
        if (Target.Validate() is { } wrong) return wrong;
        if (DeliveryPolicy?.HeaderContentType is { } type && !HeaderContentTypes.Has(type, Raw)) return Invalid("headerContentType is not a supported content type.", "deliveryPolicy");
        if (DeadLetter is { Value.Length: 0 }) return Invalid("A dead-letter queue has a name.", "deadLetter.queue");
        return Filter?.Validate()
            ?? (StartAt.IsLegal ? null : Invalid("startAt is now, earliest or a time from 1970 to 9999.", "startAt"))
            ?? DefinitionTexts.ValidateTags(Tags)
            ?? DefinitionTexts.ValidateAnnotations(Annotations);
    }

    /// <summary>By content, tags and annotations included.</summary>
    public bool Equals(SubscriptionDefinition? other) =>
        other is not null && Target == other.Target && Filter == other.Filter && Raw == other.Raw && DeliveryPolicy == other.DeliveryPolicy && Confirmed == other.Confirmed && DeadLetter == other.DeadLetter && StartAt == other.StartAt
        && DefinitionTexts.AreSame(Tags, other.Tags) && DefinitionTexts.AreSame(Annotations, other.Annotations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Target, Filter, Raw, DeadLetter, StartAt, Tags.Count, Annotations.Count);

    private static BrokerError Invalid(string detail, string field) => new(ErrorCode.InvalidValue, detail, field);
}
