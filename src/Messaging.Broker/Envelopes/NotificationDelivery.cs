namespace Messaging.Broker.Envelopes;

/// <summary>What one subscriber's notification has besides the document. A value.</summary>
/// <param name="UnsubscribeUrl">Where this subscription ends by a GET; null leaves the member out.</param>
/// <param name="Signature">Null leaves its three members out, as SNS does for the subscribers of FIFO topics.</param>
/// <param name="Replayed">Whether it comes out of the topic's archive.</param>
public readonly record struct NotificationDelivery(string? UnsubscribeUrl, EnvelopeSignature? Signature, bool Replayed = false);
