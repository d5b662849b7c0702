using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>A queue or a topic after a change of it; neither where it was deleted. A value.</summary>
internal readonly record struct ChangedDefinition(PutQueueResult? Queue, PutTopicResult? Topic);
