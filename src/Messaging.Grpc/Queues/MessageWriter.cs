using Google.Protobuf;
using Messaging.Broker.Messages;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Queues;

/// <summary>Messages as the wire has them. Bodies stay where they are: what they came in lives until the answer is written. Hot path.</summary>
internal static class MessageWriter
{
    public static readonly OutcomeError<SendOutcome> ErrorOf = static (in SendOutcome outcome) => outcome.Error;

    public static V1.Message Of(in ReceivedMessage message)
    {
        var wire = new V1.Message
        {
            Id = message.Id.ToString(),
            Body = UnsafeByteOperations.UnsafeWrap(message.Body),
            Priority = message.Priority,
            SentAt = Times.Of(message.SentAtMs),
            ExpiresAt = Times.Maybe(message.ExpiresAtMs),
            FirstReceivedAt = Times.Of(message.FirstReceivedAtMs),
            LeasedUntil = Times.Of(message.LeasedUntilMs),
            ReceiveCount = message.ReceiveCount,
            Receipt = message.Receipt.ToString(),
            Replayed = message.IsReplayed,
            Origin = Of(message.Origin),
        };
        AddTexts(wire, message.ContentType, message.Group, message.Sequence, message.PublishedId, message.Sender, message.TraceParent, message.DeduplicationId);
        Attributes.Add(wire.Attributes, message.Attributes);
        return wire;
    }

    public static V1.BrowsedMessage Of(in BrowsedMessage message, string queue = "")
    {
        var wire = new V1.Message
        {
            Id = message.Id.ToString(),
            Body = UnsafeByteOperations.UnsafeWrap(message.Body),
            Priority = message.Priority,
            SentAt = Times.Of(message.SentAtMs),
            ExpiresAt = Times.Maybe(message.ExpiresAtMs),
            FirstReceivedAt = Times.Maybe(message.FirstReceivedAtMs),
            LeasedUntil = Times.Maybe(message.LeasedUntilMs),
            ReceiveCount = message.ReceiveCount,
            Replayed = message.IsReplayed,
            Origin = Of(message.Origin),
        };
        AddTexts(wire, message.ContentType, message.Group, message.Sequence, message.PublishedId, message.Sender, message.TraceParent, message.DeduplicationId);
        Attributes.Add(wire.Attributes, message.Attributes);
        return new V1.BrowsedMessage { Message = wire, State = Of(message.State), AvailableAt = Times.Maybe(message.AvailableAtMs), Queue = queue };
    }

    public static V1.DamagedMessage Of(DamagedMessage message) => new() { Id = message.Id.ToString(), Receipt = message.Receipt.ToString() };

    public static V1.SendResult Of(in SendOutcome outcome, V1.EntryError? error)
    {
        if (error is not null)
            return new V1.SendResult { Error = error };
        var result = new V1.SendResult { Id = outcome.Id.ToString(), Duplicate = outcome.IsDuplicate };
        if (outcome.Sequence is { } sequence)
            result.Sequence = sequence;
        return result;
    }

    // Only what is there: to assign nothing is refused by the generated code.
    private static void AddTexts(
        V1.Message wire, string? contentType, string? group, long? sequence, MessageId? publishedId, string? sender, string? traceParent, string? deduplicationId)
    {
        if (contentType is not null)
            wire.ContentType = contentType;
        if (group is not null)
            wire.Group = group;
        if (sequence is { } place)
            wire.Sequence = place;
        if (publishedId is { } published)
            wire.PublishedId = published.ToString();
        if (sender is not null)
            wire.Sender = sender;
        if (traceParent is not null)
            wire.Traceparent = traceParent;
        if (deduplicationId is not null)
            wire.DeduplicationId = deduplicationId;
    }

    private static V1.MessageOrigin? Of(MessageOrigin? origin) => origin is null ? null : new V1.MessageOrigin
    {
        Id = origin.Id.ToString(),
        Queue = origin.Queue.Name.Value,
        Namespace = origin.Queue.Namespace.Value,
        Reason = Of(origin.Reason),
        Detail = origin.Detail ?? "",
        ReceiveCount = origin.ReceiveCount,
        SentAt = Times.Of(origin.SentAtMs),
    };

    private static V1.MessageOrigin.Types.Reason Of(MoveReason reason) => reason switch
    {
        MoveReason.MaxReceives => V1.MessageOrigin.Types.Reason.MaxReceives,
        MoveReason.Rejected => V1.MessageOrigin.Types.Reason.Rejected,
    };

    private static V1.MessageState Of(MessageState state) => state switch
    {
        MessageState.Ready => V1.MessageState.Ready,
        MessageState.Leased => V1.MessageState.Leased,
        MessageState.Delayed => V1.MessageState.Delayed,
    };
}
