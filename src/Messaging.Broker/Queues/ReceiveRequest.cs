namespace Messaging.Broker.Queues;

/// <summary>At most how many messages, how long to wait for the first, for how long to lease; null takes the queue's own value.</summary>
public readonly record struct ReceiveRequest(int Max, int? WaitSeconds, int? LeaseSeconds)
{
    /// <summary>
    /// What the caller calls this receive, so that it is delivered the same messages when it asks again without having had an answer; 1 to
    /// <see cref="QueueLimits.ReceiveAttemptIdBytesMax"/> bytes of UTF-8 without control characters.
    /// </summary>
    public string? AttemptId { get; init; }

    /// <summary>
    /// So many messages of the queue may be leased at once, whoever has them: the receive takes no more than that leaves, and is refused with
    /// <see cref="ErrorCode.TooManyLeased"/> where that is nothing. 1 to <see cref="QueueLimits.LeasedPerQueueMax"/>.
    /// </summary>
    public int LeasedMax { get; init; } = QueueLimits.LeasedPerQueueMax;
}
