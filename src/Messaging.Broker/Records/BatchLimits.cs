namespace Messaging.Broker.Records;

/// <summary>Every bound of a producer's record batch, by name; ours.</summary>
public static class BatchLimits
{
    /// <summary>Bytes of a batch's records once they are decompressed, 64 MiB: four times the largest batch, and sixty-four times the default one, so that no batch is a bomb.</summary>
    public const int BatchBytesUncompressedMax = 64 * 1024 * 1024;

    /// <summary>
    /// Records that are decompressed at one time, for all clients of the process: a sixteenth of the memory that it may use, between this bound and the next. What asks for more is refused as overloaded:
    /// a batch of some kilobytes may ask for 64 MiB, and many may read it at once.
    /// </summary>
    public const long DecompressedBytesMin = 2L * BatchBytesUncompressedMax;

    /// <summary>However much memory there is.</summary>
    public const long DecompressedBytesMax = 16L * BatchBytesUncompressedMax;

    /// <summary>Records of one batch (time: each is looked at). A batch of the default size has room for 150,000 of the smallest, of 7 bytes.</summary>
    public const int BatchRecordsMax = 200_000;
}
