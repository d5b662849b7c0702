using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Operations;

/// <summary>Which messages a redrive moves: those of which all that is said here is true. Immutable.</summary>
public sealed record RedriveFilter
{
    private static readonly Dictionary<string, IReadOnlyList<string>> None = [];

    /// <summary>Why they became dead letters.</summary>
    public MoveReason? Reason { get; init; }

    /// <summary>The queue that they came from as dead.</summary>
    public QueueName? Origin { get; init; }

    /// <summary>Sent at or after this time, in ms since 1970.</summary>
    public long? SentAfterMs { get; init; }

    /// <summary>Sent before this time, in ms since 1970.</summary>
    public long? SentBeforeMs { get; init; }

    /// <summary>Attributes by name, each with the values that it may have; of strings and numbers, as they were written.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = None;

    internal BrokerError? Validate()
    {
        if (Attributes.Count > MessageLimits.AttributesMax) return Invalid($"A filter has at most {MessageLimits.AttributesMax} attributes.");
        foreach ((string name, IReadOnlyList<string> values) in Attributes)
        {
            if (TooLong(name)) return Invalid($"A name of a filter has at most {MessageLimits.AttributeNameBytesMax} bytes.");
            if (values.Count is 0 or > QueueLimits.FilterValuesMax) return Invalid($"An attribute of a filter has 1 to {QueueLimits.FilterValuesMax} values.", name);
            if (values.Any(TooLong)) return Invalid($"A value of a filter has at most {MessageLimits.AttributeNameBytesMax} bytes.", name);
        }

        return null;
    }

    internal bool Matches(in RecordDecoder.Decoded message, long timestampMs)
    {
        long sent = message.SentAtMs(timestampMs);
        return (Reason is not { } reason || message.Origin?.Reason == reason)
            && (Origin is not { } origin || message.Origin?.Queue.Name == origin)
            && (SentAfterMs is not { } after || sent >= after)
            && (SentBeforeMs is not { } before || sent < before)
            && HasAttributes(message.Attributes);
    }

    private bool HasAttributes(IReadOnlyList<MessageAttribute> attributes)
    {
        foreach ((string name, IReadOnlyList<string> values) in Attributes)
        {
            MessageAttribute attribute = attributes.FirstOrDefault(one => one.Name == name);
            if (attribute.Name is null || attribute.Kind == AttributeKind.Binary || !values.Contains(Encoding.UTF8.GetString(attribute.Value.Span))) return false;
        }

        return true;
    }

    private static bool TooLong(string text) => Encoding.UTF8.GetByteCount(text) > MessageLimits.AttributeNameBytesMax;

    private static BrokerError Invalid(string detail, string? name = null) => new(ErrorCode.InvalidValue, detail, name is null ? "filter.attributes" : "filter.attributes." + name);
}
