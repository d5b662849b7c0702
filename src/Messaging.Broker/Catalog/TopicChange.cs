using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What a change of the catalog asks for one topic.</summary>
/// <param name="Key">The topic.</param>
/// <param name="Define">Its definition after the change, of the one before or of null; null deletes the topic.</param>
/// <param name="Precondition">What must hold.</param>
internal sealed record TopicChange(TopicKey Key, Func<LiveTopic?, Result<TopicDefinition>>? Define, Precondition Precondition)
{
    /// <summary>
    /// The definition after the change, or why there is none, where <paramref name="partitionsNow"/> is what all topics have together. Pure but for what it looks at. The precondition comes
    /// before all that depends on the definition that is there.
    /// </summary>
    public Result<TopicDefinition> Decide(LiveTopic? topic, int partitionsNow)
    {
        if (topic is not null && Precondition.Check(topic.Version) is { } changed) return changed;
        Result<TopicDefinition> defined = Define!(topic);
        if (!defined.IsOk) return defined;
        if (topic is null && Precondition.Check(null) is { } missing) return missing;
        return Forbidden(topic, defined.Value, partitionsNow) is { } forbidden ? forbidden : defined;
    }

    /// <summary>Why the topic is not deleted.</summary>
    public BrokerError? WhyNotDeleted(LiveTopic? topic) => topic is null ? TopicHost.TopicNotFound(Key) : Precondition.Check(topic.Version);

    /// <summary>Why what is there does not allow the definition: the topic, or so many partitions.</summary>
    public static BrokerError? Forbidden(LiveTopic? topic, TopicDefinition definition, int partitionsNow)
    {
        int before = topic?.Definition.Partitions ?? 0;
        if (topic is not null && topic.Definition.Type != definition.Type) return new BrokerError(ErrorCode.Immutable, "A topic's type can't change.", "type");
        if (definition.Partitions < before)
        {
            return new BrokerError(ErrorCode.Immutable, $"A topic's partitions only grow: it has {before}, and their records have nowhere to go.", "partitions");
        }

        return partitionsNow + definition.Partitions - before <= TopicLimits.PartitionsOfServerMax
            ? null
            : new BrokerError(ErrorCode.TooManyPartitions, $"The server has at most {TopicLimits.PartitionsOfServerMax} partitions; it has {partitionsNow}.", "partitions");
    }
}
