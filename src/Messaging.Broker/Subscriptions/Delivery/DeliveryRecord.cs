using Messaging.Broker.Messages;

namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>What an operator sees of one attempt. A value.</summary>
/// <param name="AtMs">When it ended: milliseconds since 1970.</param>
/// <param name="Id">The message.</param>
/// <param name="Attempt">1 at the first one.</param>
/// <param name="Verdict">What it came to; <see cref="DeliveryVerdict.GiveUp"/> also where the schedule has ended.</param>
/// <param name="Status">The endpoint's answer; null without one.</param>
/// <param name="Fault">Why it failed; null where it did not.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="NextAttemptMs">When it is tried again; null: it is not.</param>
public readonly record struct DeliveryRecord(long AtMs, MessageId Id, int Attempt, DeliveryVerdict Verdict, int? Status, string? Fault, TimeSpan Elapsed, long? NextAttemptMs);
