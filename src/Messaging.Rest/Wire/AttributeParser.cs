using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A message's attributes: an object whose names are the client's own, each with <c>type</c> and one of <c>value</c> (text) and
/// <c>valueBase64</c> (binary). Their number, lengths and what counts as a number are the broker's to say.
/// </summary>
internal static class AttributeParser
{
    private const int Type = 0, Value = 1, ValueBase64 = 2;

    public static readonly FieldTable Fields = new(["type", "value", "valueBase64"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out IReadOnlyList<MessageAttribute>? attributes)
    {
        attributes = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("attributes", "Must be an object.");
        List<MessageAttribute>? list = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            list ??= new List<MessageAttribute>(MessageLimits.AttributesMax);
            if (list.Count == MessageLimits.AttributesMax)
                return Problem.Invalid("attributes", $"A message has at most {MessageLimits.AttributesMax} attributes.");
            if (ReadOne(ref reader, document, list) is { } problem)
                return problem.Under("attributes");
        }
        attributes = list;
        return null;
    }

    private static Problem? ReadOne(ref Utf8JsonReader reader, RequestDocument document, List<MessageAttribute> list)
    {
        if (JsonText.Name(ref reader, document, out string name) is { } refused)
            return refused;
        foreach (MessageAttribute attribute in list)
        {
            if (attribute.Name == name)
                return Problem.Of(FrontCode.DuplicateField, "The attribute may stand there only once.", name);
        }
        reader.Read();
        if (ReadValue(ref reader, document, name, out MessageAttribute read) is { } problem)
            return problem.Under(name);
        list.Add(read);
        return null;
    }

    private static Problem? ReadValue(ref Utf8JsonReader reader, RequestDocument document, string name, out MessageAttribute attribute)
    {
        attribute = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object with type and value.");
        string type = "";
        ReadOnlyMemory<byte> value = default;
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return Finish(name, type, value, seen, out attribute);
            Problem? problem = field switch
            {
                Type => JsonText.Text(ref reader, document, "type", out type),
                Value => JsonText.Bytes(ref reader, document, "value", out value),
                _ => JsonText.Base64Bytes(ref reader, document, "valueBase64", out value),
            };
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? Finish(string name, string type, ReadOnlyMemory<byte> value, uint seen, out MessageAttribute attribute)
    {
        attribute = default;
        if ((seen & 1u << Type) == 0)
            return Problem.Of(FrontCode.MissingField, "An attribute has a type.", "type");
        if (!TrySplit(type, out AttributeKind kind, out string? custom))
            return Problem.Invalid("type", "Must be string, number or binary, which may be followed by a dot and a label of your own.");
        (int wanted, string wantedName) = kind == AttributeKind.Binary ? (ValueBase64, "valueBase64") : (Value, "value");
        uint values = seen & (1u << Value | 1u << ValueBase64);
        if (values == 0)
            return Problem.Of(FrontCode.MissingField, $"An attribute of this type has a {wantedName}.", wantedName);
        if (values != 1u << wanted)
            return Problem.Invalid(wanted == Value ? "valueBase64" : "value", $"An attribute of this type has a {wantedName} only.");
        attribute = new MessageAttribute(name, kind, custom, value);
        return null;
    }

    /// <summary>The wire's name of a type: the kind in lower case, with the sender's label behind a dot.</summary>
    public static string TypeName(AttributeKind kind, string? custom)
    {
        string name = kind switch
        {
            AttributeKind.String => "string",
            AttributeKind.Number => "number",
            AttributeKind.Binary => "binary",
        };
        return custom is null ? name : $"{name}.{custom}";
    }

    private static bool TrySplit(string type, out AttributeKind kind, out string? custom)
    {
        int dot = type.IndexOf('.', StringComparison.Ordinal);
        custom = dot < 0 ? null : type[(dot + 1)..];
        (bool known, kind) = (dot < 0 ? type : type[..dot]) switch
        {
            "string" => (true, AttributeKind.String),
            "number" => (true, AttributeKind.Number),
            "binary" => (true, AttributeKind.Binary),
            _ => (false, default),
        };
        return known && custom is not "";
    }
}
