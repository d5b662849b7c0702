using System.Text;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Notifications;

/// <summary>A message to a topic as it came, alone or as an entry of a batch, and the rules for it (API Reference, Publish). Its memory is the request's. Hot path.</summary>
internal sealed class NotificationDraft
{
    private const int Message = 0, Subject = 1, Structure = 2, Attributes = 3, Deduplication = 4;

    /// <summary>The members that a message has, in the order in which they stand in a table behind those before them.</summary>
    public static readonly string[] Members = ["Message", "Subject", "MessageStructure", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId"];

    private static readonly AwsError NoGroup = SnsRefusals.Invalid("The MessageGroupId parameter is required for FIFO topics");
    private static readonly AwsError NoDeduplication = SnsRefusals.Invalid("The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");

    private ReadOnlyMemory<byte> _message;
    private string? _subject;
    private string? _structure;
    private string? _deduplicationId;
    private string? _group;
    private List<KeyValuePair<string, NotificationAttribute>>? _attributes;

    /// <summary>Bytes as limits count them: of message, and names, types and values of attributes.</summary>
    public long Size { get; private set; }

    /// <summary>Reads the member of this place in <see cref="Members"/>.</summary>
    public void Read<TMembers>(ref TMembers members, int member)
        where TMembers : IMembers, allows ref struct
    {
        switch (member)
        {
            case Message:
                _message = members.Text();
                break;
            case Subject:
                _subject = MemberText.Read(ref members);
                break;
            case Structure:
                _structure = MemberText.Read(ref members);
                break;
            case Attributes:
                _attributes = [];
                members.BeginMap();
                while (members.NextEntry(out ReadOnlyMemory<byte> name))
                    _attributes.Add(KeyValuePair.Create(Encoding.UTF8.GetString(name.Span), NotificationAttribute.Read(ref members)));
                break;
            case Deduplication:
                _deduplicationId = MemberText.Read(ref members);
                break;
            default:
                _group = MemberText.Read(ref members);
                break;
        }
    }

    /// <summary>What it lacks for a FIFO topic, or has too much for another, which refuses a batch as a whole; null where nothing.</summary>
    public AwsError? CheckType(TopicDefinition topic)
    {
        if (topic.Type != TopicType.Fifo)
        {
            return _deduplicationId is null ? null : SnsRefusals.Invalid(
                "MessageDeduplicationId", "The request includes MessageDeduplicationId parameter that is not valid for this topic type");
        }
        if (string.IsNullOrEmpty(_group))
            return NoGroup;
        return _deduplicationId is null && topic.Deduplication is not { ContentBased: true } ? NoDeduplication : null;
    }

    /// <summary>The record for this topic, or the first rule that the message breaks. <paramref name="place"/>: of its entry in a batch, or empty.</summary>
    public AwsError? Check(TopicDefinition topic, string place, out OutgoingRecord record)
    {
        record = default;
        AwsError? wrong = CheckAttributes(place, out MessageAttribute[] attributes, out long size);
        Size = size;
        if ((CheckMessage() ?? CheckSubject() ?? CheckStructure() ?? wrong ?? CheckIds()) is { } refused)
            return refused;
        if (size > SnsLimits.MessageBytesMax)
            return SnsRefusals.Invalid("Message too long");
        record = new OutgoingRecord
        {
            Key = string.IsNullOrEmpty(_group) ? null : Encoding.UTF8.GetBytes(_group),
            Value = _message,
            Attributes = attributes,
            Subject = _subject,
            IsStructured = _structure is not null,
            DeduplicationId = _deduplicationId,
        };
        return CheckType(topic);
    }

    private AwsError? CheckMessage() => _message.IsEmpty ? SnsRefusals.Invalid("Empty message") : null;

    private AwsError? CheckSubject()
    {
        if (_subject is null)
            return null;
        bool isLegal = _subject.Length is > 0 and <= SnsLimits.SubjectCharactersMax && !_subject.Any(char.IsControl);
        return isLegal ? null : SnsRefusals.Invalid("Subject");
    }

    private AwsError? CheckStructure()
    {
        if (_structure is null)
            return null;
        if (_structure != "json")
            return SnsRefusals.Invalid("MessageStructure");
        if (MessageStructure.IsSound(_message))
            return null;
        return IsJson(_message) ? SnsRefusals.Invalid("Message Structure - No default entry in JSON message body") : SnsRefusals.Invalid("Message Structure - JSON message body failed to parse");
    }

    private AwsError? CheckAttributes(string place, out MessageAttribute[] attributes, out long size)
    {
        (attributes, size) = ([], _message.Length);
        if (_attributes is not { Count: > 0 } drafts)
            return null;
        if (drafts.Count > AwsLimits.AttributesMax)
            return SnsRefusals.Invalid("MessageAttributes", $"This server takes at most {AwsLimits.AttributesMax} message attributes");
        attributes = new MessageAttribute[drafts.Count];
        for (int index = 0; index < drafts.Count; index++)
        {
            (string name, NotificationAttribute draft) = drafts[index];
            if (draft.Check(name, place, out attributes[index]) is { } refused)
                return refused;
            for (int earlier = 0; earlier < index; earlier++)
            {
                if (drafts[earlier].Key == name)
                    return new AwsError(AwsErrorCode.ParameterValueInvalid, $"Message attribute name '{name}' already exists.");
            }
            size += name.Length + AttributeTypes.Format(attributes[index]).Length + attributes[index].Value.Length;
        }
        return null;
    }

    private AwsError? CheckIds()
    {
        if (_group is { Length: > 0 } group && !IdText.IsLegal(group))
            return SnsRefusals.Invalid("MessageGroupId");
        return _deduplicationId is null || IdText.IsLegal(_deduplicationId) ? null : SnsRefusals.Invalid("MessageDeduplicationId");
    }

    private static bool IsJson(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
