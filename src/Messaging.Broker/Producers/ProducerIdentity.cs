namespace Messaging.Broker.Producers;

/// <summary>What a producer publishes as: an id that no other one ever has, and an epoch that fences its elder instances. A value.</summary>
public readonly record struct ProducerIdentity(long Id, short Epoch);
