namespace Messaging.Broker.Messages;

/// <summary>
/// One attribute. <paramref name="CustomType"/> is the label after the dot ("number.int": Number and "int"), or null.
/// <paramref name="Value"/> is UTF-8 for strings and numbers; the memory belongs to the message.
/// </summary>
public readonly record struct MessageAttribute(string Name, AttributeKind Kind, string? CustomType, ReadOnlyMemory<byte> Value);
