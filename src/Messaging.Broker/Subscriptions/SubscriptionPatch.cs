namespace Messaging.Broker.Subscriptions;

/// <summary>
/// A change of some fields of a definition: what it shall be after the change, which may break a rule of <see cref="SubscriptionDefinition.Validate"/>. A pure
/// function: it runs inside the sequencer, must not throw, and may run more than once.
/// </summary>
public delegate SubscriptionDefinition SubscriptionPatch(SubscriptionDefinition definition);
