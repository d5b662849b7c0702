using Messaging.Broker;

namespace Messaging.Simulation.Broker;

/// <summary>What one entry of a send was answered: the offset behind its id, or why it was refused.</summary>
internal readonly record struct ModelOutcome(long Offset, ErrorCode? Error, bool IsDuplicate = false);

/// <summary>What an idempotency key stands for until some time: what was asked under it, and what that was answered. Immutable.</summary>
internal sealed record ModelAnswer(string Asked, IReadOnlyList<ModelOutcome> Outcomes, long UntilMs);

/// <summary>The message that a deduplication id stands for until some time, by its offset.</summary>
internal readonly record struct ModelFirst(long Offset, long UntilMs);

/// <summary>What a receive attempt has delivered, each with its receive count, and until when it has leased that. Immutable.</summary>
internal sealed record ModelAttempt(long DeadlineMs, IReadOnlyList<(long Offset, int ReceiveCount)> Messages, long UntilMs);
