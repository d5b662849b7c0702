namespace Messaging.Broker.Topics;

/// <summary>What a fetch of one partition asks for.</summary>
/// <param name="Offset">From here on, the first record's offset or one behind the last; <see cref="Earliest"/> and <see cref="Latest"/> stand for the partition's ends.</param>
/// <param name="BytesMax">Stored bytes that are answered at most; one record batch is, however large.</param>
/// <param name="Wait">How long it waits for <paramref name="BytesMin"/>; 0 to <see cref="TopicLimits.FetchWaitSecondsMax"/>.</param>
/// <param name="BytesMin">Stored bytes before which it waits, at least 1.</param>
public readonly record struct FetchRequest(long Offset, int BytesMax, TimeSpan Wait = default, int BytesMin = 1)
{
    /// <summary>The partition's first record.</summary>
    public const long Earliest = -2;

    /// <summary>Behind the partition's last record.</summary>
    public const long Latest = -1;

    /// <summary>Whether records of transactions that have not ended, or were aborted, are left out.</summary>
    public Isolation Isolation { get; init; }
}
