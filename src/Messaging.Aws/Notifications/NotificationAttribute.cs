using System.Buffers;
using System.Globalization;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Notifications;

/// <summary>One attribute of a message to a topic as it came. Rules: Amazon SNS Developer Guide, "Amazon SNS message attributes". Hot path.</summary>
internal struct NotificationAttribute
{
    private const int DataType = 0, StringValue = 1;

    private static readonly MemberTable Members = new(0, "DataType", "StringValue", "BinaryValue");

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private string? _type;
    private ReadOnlyMemory<byte>? _text;
    private ReadOnlyMemory<byte>? _binary;

    /// <summary>Reads the structure; its name is the key before it.</summary>
    public static NotificationAttribute Read<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var draft = new NotificationAttribute();
        members.BeginStructure();
        uint seen = 0;
        int member;
        while ((member = members.Next(Members, ref seen)) != MemberTable.End)
        {
            if (member == DataType)
                draft._type = MemberText.Read(ref members);
            else if (member == StringValue)
                draft._text = members.Text();
            else
                draft._binary = members.Blob();
        }
        return draft;
    }

    /// <summary>The attribute, or the rule that it breaks. <paramref name="place"/>: of its entry in a batch, or empty.</summary>
    public readonly AwsError? Check(string name, string place, out MessageAttribute attribute)
    {
        attribute = default;
        if (_type is null)
            return SnsRefusals.Missing($"{place}messageAttributes.{Refusals.Shown(name)}.member.dataType");
        if (CheckName(name) is { } wrongName)
            return Invalid(wrongName);
        if (_type.Length > AwsLimits.AttributeNameCharactersMax || !AttributeTypes.TryParse(_type, out AttributeKind kind, out string? label) || MessageText.FirstIllegal(Encoding.UTF8.GetBytes(_type)) is not null)
            return Invalid($"The message attribute '{Refusals.Shown(name)}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        string field = kind == AttributeKind.Binary ? "Binary" : "String";
        ReadOnlyMemory<byte>? value = kind == AttributeKind.Binary ? _binary : _text;
        if (value is null && (_text ?? _binary) is not null)
            return Invalid($"The message attribute '{Refusals.Shown(name)}' with type '{_type}' must use field '{field}'.");
        if (value is not { Length: > 0 } given)
            return Invalid($"The message attribute '{Refusals.Shown(name)}' must contain non-empty message attribute value for message attribute type '{_type}'.");
        if (kind == AttributeKind.Number && !AttributeNumber.IsValid(given.Span))
            return Invalid($"Could not cast message attribute '{Refusals.Shown(name)}' value to number.");
        attribute = new MessageAttribute(name, kind, label, given);
        return null;
    }

    private static string? CheckName(string name)
    {
        if (name.Length is 0 or > AwsLimits.AttributeNameCharactersMax)
            return $"Length of message attribute name must be less than {AwsLimits.AttributeNameCharactersMax} bytes.";
        if (name.AsSpan().IndexOfAnyExcept(NameCharacters) is var at and >= 0)
        {
            string code = ((int)name[at]).ToString("X", CultureInfo.InvariantCulture);
            return $"Invalid non-alphanumeric character '#x{code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.";
        }
        if (name[0] == '.')
            return "Invalid message attribute name starting with character '.' was found.";
        if (name[^1] == '.')
            return "Invalid message attribute name ending with character '.' was found.";
        return name.Contains("..", StringComparison.Ordinal) ? "Message attribute name can not have successive '.' character." : null;
    }

    private static AwsError Invalid(string message) => new(AwsErrorCode.ParameterValueInvalid, message);
}
