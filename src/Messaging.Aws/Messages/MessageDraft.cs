using System.Globalization;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Messages;

/// <summary>
/// A message as it came, alone or as an entry of a batch, and the rules for it (Amazon SQS API Reference, SendMessage). Its memory is the request's. Hot path.
/// </summary>
internal sealed class MessageDraft
{
    public const string LegalCharacters = "the set of allowed characters is #x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]";

    private const string TraceHeaderName = "AWSTraceHeader";
    private const int Body = 0, Delay = 1, Attributes = 2, SystemAttributes = 3, Deduplication = 4;

    /// <summary>The members that a message has, in the order in which they stand in a table behind those before them.</summary>
    public static readonly string[] Members =
        ["MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes", "MessageDeduplicationId", "MessageGroupId"];

    private ReadOnlyMemory<byte> _body;
    private int? _delaySeconds;
    private string? _group;
    private string? _deduplicationId;
    private List<KeyValuePair<string, AttributeDraft>>? _attributes;
    private List<KeyValuePair<string, AttributeDraft>>? _systemAttributes;

    /// <summary>As it was checked.</summary>
    public MessageAttribute[] CheckedAttributes { get; private set; } = [];

    /// <summary>As they were checked: AWSTraceHeader or none.</summary>
    public MessageAttribute[] CheckedSystemAttributes { get; private set; } = [];

    public ReadOnlyMemory<byte> BodyText => _body;

    /// <summary>Bytes as limits count them, of body and attributes; the system's are free (API Reference, MessageSystemAttributes).</summary>
    public long Size { get; private set; }

    /// <summary>Reads the member of this place in <see cref="Members"/>.</summary>
    public void Read<TMembers>(ref TMembers members, int member)
        where TMembers : IMembers, allows ref struct
    {
        switch (member)
        {
            case Body:
                _body = members.Text();
                break;
            case Delay:
                _delaySeconds = members.Integer();
                break;
            case Attributes:
                _attributes = ReadAttributes(ref members);
                break;
            case SystemAttributes:
                _systemAttributes = ReadAttributes(ref members);
                break;
            case Deduplication:
                _deduplicationId = Encoding.UTF8.GetString(members.Text().Span);
                break;
            default:
                _group = Encoding.UTF8.GetString(members.Text().Span);
                break;
        }
    }

    /// <summary>The message for this queue, or the first rule that it breaks.</summary>
    public AwsError? Check(QueueDefinition queue, string? sender, bool inBatch, out OutgoingMessage message)
    {
        message = default;
        AwsError? refused = CheckBody() ?? CheckAttributes() ?? CheckSystemAttributes()
            ?? (Size > Math.Min(queue.MaxMessageBytes, AwsLimits.MessageBytesMax) ? TooLong(queue, inBatch) : null)
            ?? CheckDelay(queue) ?? CheckIds(queue);
        if (refused is not null)
            return refused;
        message = new OutgoingMessage
        {
            Body = _body,
            Attributes = CheckedAttributes,
            DelayMilliseconds = _delaySeconds is { } seconds && queue.Type == QueueType.Standard ? seconds * 1_000L : OutgoingMessage.QueueDelay,
            Group = _group,
            DeduplicationId = _deduplicationId,
            Sender = sender,
            TraceHeader = CheckedSystemAttributes is [var trace] ? Encoding.UTF8.GetString(trace.Value.Span) : null,
        };
        return null;
    }

    /// <summary>What a message to a FIFO queue lacks, which refuses a batch as a whole; null where it lacks nothing.</summary>
    public AwsError? CheckLacking(QueueDefinition queue)
    {
        if (LacksGroup(queue))
            return Refusals.Invalid("The request must contain the parameter MessageGroupId.");
        return queue.Type == QueueType.Fifo && _deduplicationId is null && queue.Deduplication is not { ContentBased: true }
            ? Refusals.Invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
            : null;
    }

    private bool LacksGroup(QueueDefinition queue) => _group is null && queue.Type == QueueType.Fifo;

    private static List<KeyValuePair<string, AttributeDraft>> ReadAttributes<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var attributes = new List<KeyValuePair<string, AttributeDraft>>();
        members.BeginMap();
        while (members.NextEntry(out ReadOnlyMemory<byte> name))
            attributes.Add(KeyValuePair.Create(Encoding.UTF8.GetString(name.Span), AttributeDraft.Read(ref members)));
        return attributes;
    }

    private AwsError? CheckBody()
    {
        Size = _body.Length;
        if (_body.IsEmpty)
            return Refusals.Missing(Members[Body]);
        return MessageText.FirstIllegal(_body.Span) is { } illegal
            ? new AwsError(AwsErrorCode.InvalidMessageContents, $"Invalid binary character '{illegal}' was found in the message body, {LegalCharacters}")
            : null;
    }

    private AwsError? CheckAttributes()
    {
        if (_attributes is not { Count: > 0 } drafts)
            return null;
        if (drafts.Count > AwsLimits.AttributesMax)
            return Refusals.Invalid($"Number of message attributes [{drafts.Count}] exceeds the allowed maximum [{AwsLimits.AttributesMax}].");
        CheckedAttributes = new MessageAttribute[drafts.Count];
        for (int index = 0; index < drafts.Count; index++)
        {
            (string name, AttributeDraft draft) = drafts[index];
            if (draft.Check(name, out CheckedAttributes[index]) is { } refused)
                return refused;
            for (int earlier = 0; earlier < index; earlier++)
            {
                if (drafts[earlier].Key == name)
                    return Refusals.Invalid($"Message attribute name '{name}' already exists.");
            }
            ref readonly MessageAttribute attribute = ref CheckedAttributes[index];
            Size += name.Length + AttributeTypes.Format(attribute).Length + attribute.Value.Length;
        }
        return null;
    }

    private AwsError? CheckSystemAttributes()
    {
        if (_systemAttributes is not { Count: > 0 } drafts)
            return null;
        (string name, AttributeDraft draft) = drafts[0];
        if (drafts.Count > 1 || name != TraceHeaderName)
            return Refusals.Invalid($"Message system attribute name '{Refusals.Shown(drafts[^1].Key)}' is invalid. The only one that can be sent is {TraceHeaderName}.");
        CheckedSystemAttributes = new MessageAttribute[1];
        if (draft.Check(name, out CheckedSystemAttributes[0]) is { } refused)
            return refused;
        return CheckedSystemAttributes[0] is { Kind: AttributeKind.String, CustomType: null }
            ? null
            : Refusals.Invalid($"The message system attribute '{name}' must be of the type String.");
    }

    private static AwsError TooLong(QueueDefinition queue, bool inBatch)
    {
        string which = inBatch ? "cannot be validated" : "are invalid";
        return Refusals.Invalid(string.Create(
            CultureInfo.InvariantCulture, $"One or more parameters {which}. Reason: Message must be shorter than {Math.Min(queue.MaxMessageBytes, AwsLimits.MessageBytesMax)} bytes."));
    }

    private AwsError? CheckDelay(QueueDefinition queue)
    {
        if (_delaySeconds is not { } seconds)
            return null;
        string value = seconds.ToString(CultureInfo.InvariantCulture);
        if (seconds is < 0 or > AwsLimits.DelaySecondsMax)
            return Refusals.Invalid(Members[Delay], value, $"DelaySeconds must be >= 0 and <= {AwsLimits.DelaySecondsMax}.");
        return queue.Type == QueueType.Fifo && seconds > 0 ? Refusals.NotOfThisType(Members[Delay], value) : null;
    }

    private AwsError? CheckIds(QueueDefinition queue)
    {
        if (LacksGroup(queue))
            return Refusals.Missing("MessageGroupId");
        if (CheckId("MessageGroupId", _group) is { } wrongGroup)
            return wrongGroup;
        // A queue of the native API may deduplicate whatever its type.
        if (_deduplicationId is not null && queue.Deduplication is null)
            return Refusals.NotOfThisType("MessageDeduplicationId", _deduplicationId);
        return CheckLacking(queue) ?? CheckId("MessageDeduplicationId", _deduplicationId);
    }

    private static AwsError? CheckId(string parameter, string? id) => id is null || IdText.IsLegal(id) ? null
        : Refusals.Invalid(parameter, id, $"{parameter} can only include alphanumeric and punctuation characters. 1 to {AwsLimits.IdCharactersMax} in length.");
}
