using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Topics;

/// <summary>What an attribute is read from: the topic at one moment, under its ARN.</summary>
internal readonly record struct TopicView(TopicDescription Topic, string Arn, SubscriptionCounts Counts)
{
    /// <summary>When its oldest message was published, in ms since 1970; of a topic with an archive.</summary>
    public long? ArchiveBeginsMs { get; init; }

    public TopicDefinition Definition => Topic.Definition;

    public bool IsFifo => Topic.Definition.Type == TopicType.Fifo;

    public string? Annotation(string attribute) => Annotations.Of(Topic.Definition.Annotations, attribute);
}

/// <summary>A definition on its way to another one, attribute by attribute. Owned by one call.</summary>
internal sealed class TopicDraft(TopicDefinition definition, bool isNew)
{
    /// <summary>Whether the topic is about to be created: what can't change can be chosen.</summary>
    public bool IsNew { get; } = isNew;

    public TopicDefinition Definition { get; set; } = definition;

    public bool IsFifo => Definition.Type == TopicType.Fifo;

    /// <summary>Changes how a FIFO topic deduplicates.</summary>
    public void Deduplicate(Func<DeduplicationDefinition, DeduplicationDefinition> change) =>
        Definition = Definition with { Deduplication = change(Definition.Deduplication ?? DeduplicationDefinition.Default) };

    public void Annotate(string attribute, string? value) => Definition = Definition with { Annotations = Annotations.With(Definition.Annotations, attribute, value) };
}

/// <summary>One attribute of a topic: how it is read, null where the topic does not have it, and how it is set (null, or what is wrong); one without that is the service's own. Immutable.</summary>
internal sealed record TopicAttribute(string Name, Func<TopicView, string?> Read, Func<TopicDraft, string, string?>? Set = null)
{
    /// <summary>Only FIFO topics have it.</summary>
    public bool IsOfFifo { get; init; }
}
