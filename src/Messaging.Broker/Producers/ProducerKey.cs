using Messaging.Broker.Names;

namespace Messaging.Broker.Producers;

/// <summary>What names a transactional producer on the whole server. A value.</summary>
public readonly record struct ProducerKey(AccountId Account, NamespaceName Namespace, TransactionalId Id);
