using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>A queue, a topic or a subscription after a change of it; none where it was deleted. A value.</summary>
internal readonly record struct ChangedDefinition(PutQueueResult? Queue = null, PutTopicResult? Topic = null, PutSubscriptionResult? Subscription = null);
