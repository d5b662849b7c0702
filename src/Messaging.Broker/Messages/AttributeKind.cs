namespace Messaging.Broker.Messages;

/// <summary>What an attribute's value is. The values stand in stored records.</summary>
public enum AttributeKind : byte
{
    /// <summary>UTF-8 text.</summary>
    String = 0,
    /// <summary>A decimal number, kept as the text that it came as.</summary>
    Number = 1,
    /// <summary>Any bytes.</summary>
    Binary = 2,
}
