namespace Messaging.Broker.Messages;

/// <summary>
/// Names of the headers that the broker writes into records; message.md's table is their documentation. Clients may not send
/// names with the prefix. In a queue's record they come first, then one header per attribute, in the attributes' order.
/// </summary>
/// <remarks>
/// An attribute that is a plain string is stored as it is. Any other one has a type byte before its value: its <see cref="AttributeKind"/>,
/// plus 128 when a custom type follows (length as a varint, UTF-8). Which ones have it is listed in <c>_m.at</c>: their positions
/// among the attributes, one byte each. Not-before and expiry times are varints of milliseconds since 1970,
/// a priority a varint, absent where it is 0. The message group is the record's key.
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

    public static ReadOnlySpan<byte> DeduplicationId => "_m.dd"u8;

    public static ReadOnlySpan<byte> AttributeTypes => "_m.at"u8;
}
