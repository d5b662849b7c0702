namespace Messaging.Broker;

/// <summary>Bounds of every call and of the whole broker, by name; those of queues, topics and the rest stand in their folders' <c>…Limits</c>. Sources: api.md's tables for what a client sees; the rest is ours. A contract's number changes only with the contract.</summary>
public static class BrokerLimits
{
    /// <summary>UTF-8 bytes of a name.</summary>
    public const int NameBytesMax = 255;

    /// <summary>Entries of one call.</summary>
    public const int CallEntriesMax = 1_000;

    /// <summary>Bytes of all messages of one call, attributes included.</summary>
    public const int CallBytesMax = 16 * 1024 * 1024;

    /// <summary>Tags of one queue.</summary>
    public const int TagsMax = 50;

    /// <summary>Characters of a tag's key.</summary>
    public const int TagKeyCharactersMax = 128;

    /// <summary>Characters of a tag's value.</summary>
    public const int TagValueCharactersMax = 256;

    /// <summary>Annotations of one queue.</summary>
    public const int AnnotationsMax = 32;

    /// <summary>Characters of an annotation's key.</summary>
    public const int AnnotationKeyCharactersMax = 128;

    /// <summary>Characters of an annotation's value: an access policy of Amazon SQS has at most 8,192.</summary>
    public const int AnnotationValueCharactersMax = 16_384;

    /// <summary>Characters of all annotations of one queue, keys included.</summary>
    public const int AnnotationCharactersMax = 32_768;

    /// <summary>Operations that go on at once.</summary>
    public const int OperationsActiveMax = 1_000;

    /// <summary>Operations that have ended and are remembered, the latest ones.</summary>
    public const int OperationsKeptMax = 1_000;

    /// <summary>How long an operation that has ended is remembered at most: 14 days, in milliseconds.</summary>
    public const long OperationKeptMs = 14L * 86_400 * 1_000;

    /// <summary>Bytes of an idempotency key.</summary>
    public const int IdempotencyKeyBytesMax = 128;

    /// <summary>How long an idempotency key is remembered: five minutes.</summary>
    public const int IdempotencySeconds = 300;

    /// <summary>The longest page of a list.</summary>
    public const int ListPageSizeMax = 1_000;

    /// <summary>Characters of tags and annotations on a page of a list of queues, unless one queue alone has more: 48 MiB where each of them is escaped.</summary>
    public const int ListPageCharactersMax = 8 * 1024 * 1024;

    /// <summary>A list's page unless the call says otherwise.</summary>
    public const int ListPageSizeDefault = 100;

    /// <summary>Access keys of the server (memory: under 1 KiB each).</summary>
    public const int AccessKeysMax = 10_000;

    /// <summary>An access key's id (IAM API Reference, "AccessKey").</summary>
    public const int AccessKeyIdCharactersMin = 16;

    /// <inheritdoc cref="AccessKeyIdCharactersMin"/>
    public const int AccessKeyIdCharactersMax = 128;

    /// <summary>An access key's secret: enough that nobody guesses it.</summary>
    public const int SecretCharactersMin = 16;

    /// <summary>An access key's secret; those of AWS have 40.</summary>
    public const int SecretCharactersMax = 128;

    /// <summary>Operations of a transaction of one call.</summary>
    public const int TransactionOperationsMax = 100;

    /// <summary>Documents of fronts on the server; ours (memory: their texts, and about 300 bytes each).</summary>
    public const int DocumentsMax = 1_000_000;

    /// <summary>Characters of a document.</summary>
    public const int DocumentCharactersMax = 65_536;

    /// <summary>UTF-8 bytes of a document's name.</summary>
    public const int DocumentNameBytesMax = 1_024;
}
