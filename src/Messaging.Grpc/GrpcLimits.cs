namespace Messaging.Grpc;

/// <summary>Every bound of the gRPC front, by name. What a call may ask of the broker is in the broker's own limits.</summary>
internal static class GrpcLimits
{
    /// <summary>
    /// One message of the wire, in or out, after decompression: a call of 16 MiB (<see cref="Broker.BrokerLimits.CallBytesMax"/>) with the names of 1,000 entries. More is refused with RESOURCE_EXHAUSTED.
    /// </summary>
    public const int MessageBytesMax = 20 * 1024 * 1024;

    /// <summary>A message of a call on consumer groups: 10,000 entries with the names of topics, members and protocols.</summary>
    public const int GroupMessageBytesMax = 8 * 1024 * 1024;

    /// <summary>A message of a call on subscriptions: a filter's policy and a definition.</summary>
    public const int SubscriptionMessageBytesMax = 1024 * 1024;

    /// <summary>A message of a call that names something and says little else.</summary>
    public const int SmallMessageBytesMax = 64 * 1024;

    /// <summary>Messages, texts and byte strings in all fields of one request: 1,000 records with 100 headers have some 300,000.</summary>
    public const int RequestValuesMax = 500_000;

    /// <summary>Streams of services that need no key, health and reflection, that are open at once.</summary>
    public const int OpenStreamsMax = 1_000;

    /// <summary>Characters of what a refusal says, and of the field that it names: both stand in it more than once.</summary>
    public const int DetailCharactersMax = 512;

    /// <summary>Bytes of a call's or a stream's requests that do not count in the bound of all bodies.</summary>
    public const int UncountedBytesMax = 64 * 1024;

    /// <summary>A request whose values are not counted before it is parsed.</summary>
    public const int UncheckedBytesMax = 64 * 1024;

    /// <summary>
    /// What each part of a request counts with beside its bytes: a message of any kind, an entry of a map with its value, a text of a list. Measured (Wire/PartBytesTests): the largest is a record with all of its fields, of one byte each, 487 bytes in memory and
    /// 19 on the wire; an empty one is 295 and 2, an attribute 180 to 290 and 10.
    /// </summary>
    public const int PartBytes = 512;

    /// <summary>Before each message of the wire: a flag, and its length (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md).</summary>
    public const int PrefixBytes = 5;

    /// <summary>Entries of a stream that go into one call of the broker, and so many again may gather meanwhile; then the stream is read no further.</summary>
    public const int StreamEntriesMax = Broker.BrokerLimits.CallEntriesMax;

    /// <summary>Their bytes; a single request may have more, up to what a call may have.</summary>
    public const int StreamBytesMax = 2 * 1024 * 1024;

    /// <summary>Credit that a receiving stream can have.</summary>
    public const int CreditMax = 100_000;

    /// <summary>How long a client works on one message while its lease is extended, unless it says otherwise.</summary>
    public const int ProcessingSecondsDefault = 3_600;

    /// <summary>Bytes of messages in one delivery of a receiving stream, or one message: below the 4 MiB that clients take by default.</summary>
    public const int DeliveryBytesMax = 3 * 1024 * 1024;

    /// <summary>Records of one fetched page.</summary>
    public const int FetchRecordsMax = 1_000;

    /// <summary>A fetched page's records unless the call says otherwise.</summary>
    public const int FetchRecordsDefault = 100;

    /// <summary>Bytes of the records of one fetched page, or one record: what is compressed on the disk may be many times what was read.</summary>
    public const int FetchPageBytesMax = 16 * 1024 * 1024;

    /// <summary>Streams of records that are open at once (memory: each may wait for its reader with one response).</summary>
    public const int FetchStreamsMax = 1_000;

    /// <summary>Stored bytes that such a stream reads at once; one record batch, however large.</summary>
    public const int FetchStreamBytesMax = 256 * 1024;

    /// <summary>Paths of a field mask.</summary>
    public const int MaskPathsMax = 200;

    /// <summary>Topics or partitions that a call on a consumer group names in one list.</summary>
    public const int GroupEntriesMax = 10_000;

    /// <summary>A document of definitions that is answered, so that it is taken back.</summary>
    public const int DefinitionsBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes of all errors that a refusal lists, or one. They stand in base64 in the trailers, of which clients of gRPC's C core and of Java take 8 KiB in all unless they are told to take more.</summary>
    public const int ErrorsBytesMax = 4 * 1024;

    /// <summary>Of a client's text in a refusal.</summary>
    public const int EchoCharactersMax = 64;
}
