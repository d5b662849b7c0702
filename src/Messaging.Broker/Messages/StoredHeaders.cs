namespace Messaging.Broker.Messages;

/// <summary>
/// Names of the headers that the broker writes into records; message.md's table is their documentation. Clients may not send
/// names with the prefix. In a queue's record they come first, then one header per attribute, in the attributes' order. Only where it was published is the last of all, so that it can be
/// written in the moment in which it is known.
/// </summary>
/// <remarks>
/// An attribute that is a plain string is stored as it is. Any other one has a type byte before its value: its <see cref="AttributeKind"/>,
/// plus 128 when a custom type follows (length as a varint, UTF-8). Which ones have it is listed in <c>_m.at</c>: their positions
/// among the attributes, one byte each. Not-before and expiry times are varints of milliseconds since 1970, a priority a varint, absent where it is 0. The message
/// group is the record's key. A sent time, a varint too, stands there only where the record's timestamp is a later one; an id, 16 bytes, only where it is not
/// that of the record's place.
/// Where it was published are the stream of the topic's partition and the offset there, 8 bytes each, little endian: the publish's id is made of them. An envelope names the topic, whose notification the
/// message is to be shown as: account, namespace and name, with a zero byte between them.
/// An origin is fields in any order: tag, length as a varint, value. Tags: 1 message id, 16 bytes; 2 account, 3 namespace, 4 queue, UTF-8; 5 reason,
/// a byte (<see cref="MoveReason"/>); 6 the receiver's text, UTF-8; 7 receive count, 8 first sent, varints. An unknown tag is passed over.
/// </remarks>
internal static class StoredHeaders
{
    public const byte CustomTypeFlag = 0x80;

    public static ReadOnlySpan<byte> ReservedPrefix => "_m."u8;

    public static ReadOnlySpan<byte> NotBefore => "_m.nb"u8;

    public static ReadOnlySpan<byte> Expires => "_m.ex"u8;

    public static ReadOnlySpan<byte> ContentType => "_m.ct"u8;

    public static ReadOnlySpan<byte> Priority => "_m.pr"u8;

    public static ReadOnlySpan<byte> TraceParent => "_m.tp"u8;

    public static ReadOnlySpan<byte> TraceHeader => "_m.xr"u8;

    public static ReadOnlySpan<byte> Sender => "_m.by"u8;

    public static ReadOnlySpan<byte> DeduplicationId => "_m.dd"u8;

    public static ReadOnlySpan<byte> Id => "_m.id"u8;

    public static ReadOnlySpan<byte> SentAt => "_m.st"u8;

    public static ReadOnlySpan<byte> Origin => "_m.og"u8;

    public static ReadOnlySpan<byte> AttributeTypes => "_m.at"u8;

    public static ReadOnlySpan<byte> Subject => "_m.su"u8;

    /// <summary>Without a meaning of its value: the record's value has a text for each protocol.</summary>
    public static ReadOnlySpan<byte> Structured => "_m.ms"u8;

    public static ReadOnlySpan<byte> PublishedAt => "_m.pl"u8;

    /// <summary>Without a meaning of its value: the record stands for the question whether a subscription is wanted (<see cref="Deliveries.ConfirmationRecord"/>).</summary>
    public static ReadOnlySpan<byte> Confirmation => "_m.cf"u8;

    public static ReadOnlySpan<byte> Envelope => "_m.en"u8;

    /// <summary>In a dead-letter queue: what the subscription's last attempt came to, a status or a word.</summary>
    public static ReadOnlySpan<byte> FailureCode => "_m.fc"u8;

    /// <summary>A sentence about that.</summary>
    public static ReadOnlySpan<byte> FailureText => "_m.fm"u8;

    /// <summary>The attempt's own id; not there where there was none.</summary>
    public static ReadOnlySpan<byte> FailureId => "_m.fi"u8;

    /// <summary>When it was published, where its copy came later: a varint, as a sent time is.</summary>
    public static ReadOnlySpan<byte> PublishedTime => "_m.pt"u8;

    /// <summary>Without a meaning of its value: the subscription asked for it again.</summary>
    public static ReadOnlySpan<byte> Replayed => "_m.rp"u8;
}
