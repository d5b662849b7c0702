using System.Buffers;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Messages;

/// <summary>One attribute of a message as it came. Rules: Amazon SQS Developer Guide, "Message attribute components" and "Message attribute data types". Hot path.</summary>
internal struct AttributeDraft
{
    private const int StringValue = 0, BinaryValue = 1, DataType = 2;

    private static readonly MemberTable Members = new(0, "StringValue", "BinaryValue", "DataType", "StringListValues", "BinaryListValues");

    /// <summary>Reserved for the future in the service too.</summary>
    private static readonly AwsError ListRefused = new(AwsErrorCode.UnsupportedOperation, "Message attribute list values are not supported.");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private ReadOnlyMemory<byte>? _text;
    private ReadOnlyMemory<byte>? _binary;
    private string? _type;
    private bool _hasList;

    /// <summary>Reads the structure; its name is the key before it.</summary>
    public static AttributeDraft Read<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var draft = new AttributeDraft();
        members.BeginStructure();
        uint seen = 0;
        int member;
        while ((member = members.Next(Members, ref seen)) != MemberTable.End)
        {
            switch (member)
            {
                case StringValue:
                    draft._text = members.Text();
                    break;
                case BinaryValue:
                    draft._binary = members.Blob();
                    break;
                case DataType:
                    draft._type = Encoding.UTF8.GetString(members.Text().Span);
                    break;
                default:
                    draft._hasList = true;
                    members.Skip();
                    break;
            }
        }
        return draft;
    }

    /// <summary>The attribute, or the rule that it breaks.</summary>
    public readonly AwsError? Check(string name, out MessageAttribute attribute)
    {
        attribute = default;
        if (_hasList)
            return ListRefused;
        if (CheckName(name) is { } wrongName)
            return wrongName;
        if (string.IsNullOrEmpty(_type))
            return Refusals.Invalid($"The message attribute '{Refusals.Shown(name)}' must contain non-empty message attribute type.");
        if (_type.Length > AwsLimits.AttributeNameCharactersMax || !AttributeTypes.TryParse(_type, out AttributeKind kind, out string? label)
            || MessageText.FirstIllegal(Encoding.UTF8.GetBytes(_type)) is not null)
            return Refusals.Invalid($"The message attribute '{Refusals.Shown(name)}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        ReadOnlyMemory<byte>? value = kind == AttributeKind.Binary ? _binary : _text;
        if (value is not { Length: > 0 } given)
            return Refusals.Invalid($"Message (user) attribute '{Refusals.Shown(name)}' must contain a non-empty value of type '{_type}'.");
        if (kind != AttributeKind.Binary && MessageText.FirstIllegal(given.Span) is { } illegal)
            return new AwsError(AwsErrorCode.InvalidMessageContents, $"Invalid binary character '{illegal}' was found in the message attribute '{Refusals.Shown(name)}' value, {MessageDraft.LegalCharacters}");
        attribute = new MessageAttribute(name, kind, label, given);
        return kind == AttributeKind.Number && !AttributeNumber.IsValid(given.Span)
            ? Refusals.Invalid($"Can't cast the value of message (user) attribute '{Refusals.Shown(name)}' to a number.")
            : null;
    }

    private static AwsError? CheckName(string name)
    {
        if (name.Length is 0 or > AwsLimits.AttributeNameCharactersMax)
            return Refusals.Invalid($"The length of message attribute name must be between 1 and {AwsLimits.AttributeNameCharactersMax} characters.");
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
            return Refusals.Invalid($"Invalid non-alphanumeric character was found in the message attribute name '{Refusals.Shown(name)}'. Can only include alphanumeric characters, hyphens, underscores, or dots.");
        if (name[0] == '.' || name[^1] == '.' || name.Contains("..", StringComparison.Ordinal))
            return Refusals.Invalid($"The message attribute name '{Refusals.Shown(name)}' cannot start or end with a dot, or have successive dots.");
        return name.StartsWith("AWS.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Amazon.", StringComparison.OrdinalIgnoreCase)
            ? Refusals.Invalid($"The message attribute name '{Refusals.Shown(name)}' cannot start with the reserved prefixes AWS. or Amazon.")
            : null;
    }
}
