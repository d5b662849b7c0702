using Messaging.Broker.Messages;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Transactions;

/// <summary>What an operation of a transaction has done; only one of the lists is there, or none.</summary>
public readonly record struct TransactionResult(IReadOnlyList<SendOutcome>? Sent, IReadOnlyList<PublishOutcome>? Published);
