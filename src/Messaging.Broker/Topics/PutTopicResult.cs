namespace Messaging.Broker.Topics;

/// <summary>The topic as it is now, and whether the call created it.</summary>
public sealed record PutTopicResult(TopicDescription Topic, bool Created);
