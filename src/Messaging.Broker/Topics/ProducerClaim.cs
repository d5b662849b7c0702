namespace Messaging.Broker.Topics;

/// <summary>As whom records are published: a producer's id and epoch; in its open transaction or outside of any.</summary>
public readonly record struct ProducerClaim(long Id, short Epoch, bool IsTransactional = false);
