namespace Messaging.Broker.Queues;

/// <summary>At most how many messages, how long to wait for the first, for how long to lease; null takes the queue's own value.</summary>
public readonly record struct ReceiveRequest(int Max, int? WaitSeconds, int? LeaseSeconds);
