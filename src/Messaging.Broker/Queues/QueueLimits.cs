namespace Messaging.Broker.Queues;

/// <summary>Every bound of a queue, of receives from it and of moves between queues, by name. Sources: api.md's tables for what a client sees; the rest is ours.</summary>
public static class QueueLimits
{
    /// <summary>Messages of one receive.</summary>
    public const int ReceiveMax = 1_000;

    /// <summary>How long a receive may wait.</summary>
    public const int ReceiveWaitSecondsMax = 60;

    /// <summary>12 hours.</summary>
    public const int LeaseSecondsMax = 43_200;

    /// <summary>A queue's lease unless it says otherwise.</summary>
    public const int LeaseSecondsDefault = 30;

    /// <summary>A minute.</summary>
    public const int RetentionSecondsMin = 60;

    /// <summary>A year.</summary>
    public const int RetentionSecondsMax = 31_536_000;

    /// <summary>Four days.</summary>
    public const int RetentionSecondsDefault = 345_600;

    /// <summary>The largest maxReceives of a dead-letter definition.</summary>
    public const int MaxReceivesMax = 1_000;

    /// <summary>Dead-letter queues behind one another: how far a definition is followed to find a circle.</summary>
    public const int DeadLetterChainMax = 100;

    /// <summary>UTF-8 bytes of the text with which a receiver rejects a message.</summary>
    public const int RejectReasonBytesMax = 1_024;

    /// <summary>Messages that one command moves from queue to queue, so that the sequencer is held briefly.</summary>
    public const int MoveMessagesMax = 100;

    /// <summary>Bytes of messages that one command moves, unless one alone has more.</summary>
    public const int MoveBytesMax = 1_048_576;

    /// <summary>The fastest throttle of a redrive.</summary>
    public const int RedrivePerSecondMax = 100_000;

    /// <summary>Values that a redrive's filter may name for one attribute.</summary>
    public const int FilterValuesMax = 10;

    /// <summary>Offsets of a queue that one step of a redrive looks at, so that the sequencer is held briefly.</summary>
    public const int RedriveStepOffsetsMax = 4_096;

    /// <summary>A day.</summary>
    public const int DeduplicationWindowSecondsMax = 86_400;

    /// <summary>Five minutes, as in Amazon SQS.</summary>
    public const int DeduplicationWindowSecondsDefault = 300;

    /// <summary>Deduplication ids that one queue remembers (memory: about 100 bytes each).</summary>
    public const int DeduplicationIdsPerQueueMax = 1_000_000;

    /// <summary>
    /// Idempotency keys that one queue remembers (memory: up to 300 bytes each). One whose answer is long, since it refused many entries, counts as several.
    /// </summary>
    public const int IdempotencyKeysPerQueueMax = 500_000;

    /// <summary>UTF-8 bytes of a receive attempt's id.</summary>
    public const int ReceiveAttemptIdBytesMax = 128;

    /// <summary>How long a receive attempt is remembered: five minutes, as in Amazon SQS.</summary>
    public const int ReceiveAttemptSeconds = 300;

    /// <summary>
    /// Messages of the receive attempts that one queue remembers, each attempt counting as one more (memory: 16 bytes each, 150 an attempt). Beyond it the oldest
    /// attempts are forgotten: whoever repeats one receives other messages, and those that it had are ready again when their lease ends.
    /// </summary>
    public const int ReceiveAttemptMessagesPerQueueMax = 100_000;

    /// <summary>What is remembered of a queue and over, that one step forgets: more than one call can add, so that the sequencer is held briefly.</summary>
    public const int WindowStepMax = 1_024;

    /// <summary>The longest wait of a retry policy, 12 hours.</summary>
    public const int RetrySecondsMax = 43_200;

    /// <summary>A retry policy's minSeconds unless it says otherwise.</summary>
    public const int RetryMinSecondsDefault = 1;

    /// <summary>A retry policy's maxSeconds unless it says otherwise.</summary>
    public const int RetryMaxSecondsDefault = 300;

    /// <summary>A retry policy's factor unless it says otherwise.</summary>
    public const double RetryFactorDefault = 2;

    /// <summary>The largest factor of a retry policy.</summary>
    public const double RetryFactorMax = 10;

    /// <summary>Priorities of one queue.</summary>
    public const int PrioritiesMax = 10;

    /// <summary>The largest value of a queue's maxMessages.</summary>
    public const int MaxMessagesMax = 1_000_000_000;

    /// <summary>Queues of the whole server (memory: under 1 KiB each when idle).</summary>
    public const int QueuesMax = 1_000_000;

    /// <summary>Messages of one queue that are leased at once (memory: one map entry each).</summary>
    public const int LeasedPerQueueMax = 1_000_000;

    /// <summary>Receives that wait at once on one queue.</summary>
    public const int WaitingPerQueueMax = 10_000;

    /// <summary>Steps in which a queue-wide delay runs out, so that its second cursor stays under 2 MiB; see <c>DelayMarks</c>.</summary>
    public const int DelayMarksPerQueue = 65_536;

    /// <summary>Expired messages that one receive clears out of its way before it answers that there is nothing.</summary>
    public const int ExpiredPerReceiveMax = 1_000;

    /// <summary>Messages that one command of the heartbeat trims one by one, so that the sequencer is held briefly.</summary>
    public const int TrimStepMax = 16_384;

    /// <summary>Messages of one page of a browsed queue.</summary>
    public const int BrowseMax = 1_000;

    /// <summary>A browsed page unless the call says otherwise.</summary>
    public const int BrowseDefault = 100;

    /// <summary>Messages that one browse looks at, of whatever state, so that the sequencer is held briefly: about a millisecond.</summary>
    public const int BrowseLooksMax = 10_000;
}
