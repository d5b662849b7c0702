namespace Messaging.Broker.Filters;

/// <summary>What the value of an attribute is to a filter policy.</summary>
public enum FilterValueKind
{
    /// <summary>Text; also text that looks like a number is text.</summary>
    String,

    /// <summary>A decimal number in digits (<see cref="Messages.AttributeNumber"/>).</summary>
    Number,

    /// <summary>A JSON array, each of whose elements is a value of its own (SNS's data type String.Array).</summary>
    StringArray,

    /// <summary>Bytes, which filter policies don't see: a key of this name is absent (Amazon SNS Developer Guide, "Filter policy constraints").</summary>
    Binary,
}
