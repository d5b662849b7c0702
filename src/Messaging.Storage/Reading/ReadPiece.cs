namespace Messaging.Storage.Reading;

/// <summary>A block or batch that one read fetches together with its neighbours; behind it, the stream goes on at <see cref="EndOffset"/> at the earliest.</summary>
internal readonly record struct ReadPiece(BlockPlace Place, long EndOffset)
{
    /// <summary>Between the batches of a stream stand those of others: where these are more, two reads are less to read.</summary>
    public static bool IsScattered(long span, long useful) => span > 2 * useful || span > StorageLimits.CatchUpReadBytes;
}
