using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>The codecs by their number in a batch's attributes. Records without compression have none: they are read where they stand.</summary>
internal static class RecordCodecs
{
    private static readonly IRecordCodec Gzip = new GzipCodec();
    private static readonly IRecordCodec Snappy = new SnappyCodec();
    private static readonly IRecordCodec Lz4 = new Lz4Codec();
    private static readonly IRecordCodec Zstandard = new ZstandardCodec();

    /// <summary>Null for records that are not compressed, and for a number that is no codec's.</summary>
    public static IRecordCodec? Find(RecordCompression compression) => compression switch
    {
        RecordCompression.Gzip => Gzip,
        RecordCompression.Snappy => Snappy,
        RecordCompression.Lz4 => Lz4,
        RecordCompression.Zstandard => Zstandard,
        _ => null,
    };

    /// <summary>Why a batch with this compression is refused; null when it can be read.</summary>
    public static BrokerError? WhyNot(RecordCompression compression) => WhyNot(compression, Find(compression));

    internal static BrokerError? WhyNot(RecordCompression compression, IRecordCodec? codec)
    {
        if (compression == RecordCompression.None || codec is { IsAvailable: true }) return null;
        return new BrokerError(
            ErrorCode.CompressionNotSupported,
            codec is null
                ? $"The batch's compression is number {(int)compression}; known are 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd)."
                : $"The batch is compressed by {codec.Name}, whose library this server does not find.");
    }
}
