using Messaging.Broker.Messages;

namespace Messaging.Aws.Wire;

/// <summary>The DataType of a message's attribute: String, Number or Binary, with a label of the sender's behind a dot where it likes (Amazon SQS Developer Guide, "Message attribute data types"). Pure.</summary>
internal static class AttributeTypes
{
    private static readonly string[] Kinds = ["String", "Number", "Binary"];

    public static string Format(in MessageAttribute attribute)
    {
        string kind = Kinds[(int)attribute.Kind];
        return attribute.CustomType is null ? kind : $"{kind}.{attribute.CustomType}";
    }

    /// <summary>False for what is none.</summary>
    public static bool TryParse(string text, out AttributeKind kind, out string? customType)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        customType = dot < 0 ? null : text[(dot + 1)..];
        int index = Array.IndexOf(Kinds, dot < 0 ? text : text[..dot]);
        kind = (AttributeKind)Math.Max(0, index);
        return index >= 0 && customType != "";
    }
}
