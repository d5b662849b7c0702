namespace Messaging.Rest.Wire;

/// <summary>
/// Every bound of the front, by name. What a queue or a call may carry is in BrokerLimits; these bound the bytes around it.
/// </summary>
internal static class RestLimits
{
    /// <summary>
    /// The body of a send: 16 MiB of messages stand for 21.4 MiB when they are base64, the rest is for names and attributes. What is
    /// within this and over 16 MiB when decoded is refused by the broker.
    /// </summary>
    public const int SendBodyBytesMax = 24 * 1024 * 1024;

    /// <summary>Any other body. The largest legal one is a definition with all tags and annotations, and their characters all escaped (0.3 MiB).</summary>
    public const int DocumentBytesMax = 1024 * 1024;

    /// <summary>A document of definitions, sent or answered, and the file of the host: 1,600 bytes for each of as many as it may have.</summary>
    public const int DefinitionsBytesMax = 16 * 1024 * 1024;

    /// <summary>Errors that the answer to a wrong document of definitions lists.</summary>
    public const int DefinitionErrorsMax = 1_000;

    /// <summary>How deep a document may nest, the value of a "json" field included. System.Text.Json's own default.</summary>
    public const int DepthMax = 64;

    /// <summary>Records of one fetched page.</summary>
    public const int FetchRecordsMax = 1_000;

    /// <summary>A fetched page's records unless the call says otherwise.</summary>
    public const int FetchRecordsDefault = 100;

    /// <summary>Topics or partitions that a call on a consumer group names in one list.</summary>
    public const int GroupEntriesMax = 10_000;

    /// <summary>Bytes of JSON after which a fetched page takes no further record: what is compressed on the disk, or escaped in JSON, may be many times what was read.</summary>
    public const int FetchPageBytesMax = 16 * 1024 * 1024;

    /// <summary>Streams of records that are open at once (memory: each may wait for its reader with one piece).</summary>
    public const int StreamsMax = 1_000;

    /// <summary>Bytes that a stream reads at once, and of JSON after which it takes no further record before its reader has the last ones.</summary>
    public const int StreamPieceBytesMax = 256 * 1024;

    /// <summary>How long a stream is silent at most: what stands between client and server often cuts after 30 or 60 seconds.</summary>
    public const int StreamKeepAliveSeconds = 15;

    /// <summary>The largest whole number that every reader of JSON has exactly, 2^53 - 1 (RFC 8259, section 6): nine petabytes.</summary>
    public const long WholeNumberMax = 9_007_199_254_740_991;

    /// <summary>How many tags an If-Match may name.</summary>
    public const int EntityTagsMax = 16;

    /// <summary>How many characters of a client's own text a problem repeats.</summary>
    public const int EchoCharactersMax = 64;
}
