namespace Messaging.Broker.Messages;

/// <summary>Every bound of a message or record, by name, wherever it goes. Sources: api.md's tables for what a client sees; the rest is ours. A contract's number changes only with the contract.</summary>
public static class MessageLimits
{
    /// <summary>A year.</summary>
    public const int DelaySecondsMax = 31_536_000;

    /// <summary>A year.</summary>
    public const int ExpiresInSecondsMax = 31_536_000;

    /// <summary>The smallest value of a queue's maxMessageBytes.</summary>
    public const int MessageBytesMin = 1_024;

    /// <summary>The largest value of a queue's maxMessageBytes.</summary>
    public const int MessageBytesMax = 16 * 1024 * 1024;

    /// <summary>A queue's maxMessageBytes unless it says otherwise.</summary>
    public const int MessageBytesDefault = 1_048_576;

    /// <summary>Attributes of one message.</summary>
    public const int AttributesMax = 10;

    /// <summary>UTF-8 bytes of an attribute's name, and of its custom type.</summary>
    public const int AttributeNameBytesMax = 256;

    /// <summary>UTF-8 bytes of a content type, and of a trace parent.</summary>
    public const int ContentTypeBytesMax = 256;

    /// <summary>UTF-8 bytes of a sender.</summary>
    public const int SenderBytesMax = 256;

    /// <summary>UTF-8 bytes of a trace header of AWS X-Ray.</summary>
    public const int TraceHeaderBytesMax = 1_024;

    /// <summary>UTF-8 bytes of a deduplication id.</summary>
    public const int DeduplicationIdBytesMax = 255;

    /// <summary>The latest time of a record: the end of the year 9999, beyond which no text can name it. Milliseconds since 1970.</summary>
    public const long TimestampMsMax = 253_402_300_799_999;
}
