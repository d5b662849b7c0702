namespace Messaging.Aws.Wire;

/// <summary>How the Query protocol writes a map: one element for each entry, with the key and the value in it.</summary>
internal readonly ref struct MapWords(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> Entry { get; } = entry;

    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Attributes of queues, and those of messages that the service knows.</summary>
    public static MapWords Attributes => new("Attribute"u8, "Name"u8, "Value"u8);

    /// <summary>Attributes of messages that the sender chose.</summary>
    public static MapWords MessageAttributes => new("MessageAttribute"u8, "Name"u8, "Value"u8);

    /// <summary>Tags.</summary>
    public static MapWords Tags => new("Tag"u8, "Key"u8, "Value"u8);

    /// <summary>All maps of Amazon SNS.</summary>
    public static MapWords Entries => new("entry"u8, "key"u8, "value"u8);
}
