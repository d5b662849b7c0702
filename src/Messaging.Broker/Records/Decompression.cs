namespace Messaging.Broker.Records;

/// <summary>What became of compressed bytes.</summary>
internal enum Decompression
{
    /// <summary>The output is all that was compressed.</summary>
    Whole,

    /// <summary>Not the codec's format, cut short, or with bytes after its end.</summary>
    Malformed,

    /// <summary>More than the output may hold; it was not decompressed any further.</summary>
    TooLarge,
}
