using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Queues;

/// <summary>What a redrive is asked to do. Numbers of names and values, and their lengths, are the broker's to say.</summary>
internal static class RedriveReader
{
    public static RedriveRequest Read(V1.RedriveMessagesRequest wire) => new()
    {
        Destination = MaybeName(wire.Destination, "destination"),
        MessagesPerSecond = wire.HasMessagesPerSecond ? wire.MessagesPerSecond : null,
        Filter = wire.Filter is { } filter ? Read(filter) : null,
    };

    private static RedriveFilter Read(V1.RedriveFilter wire) => new()
    {
        Reason = ReadReason(wire.Reason),
        Origin = MaybeName(wire.Origin, "filter.origin"),
        SentAfterMs = Times.Maybe(wire.SentAfter, "filter.sentAfter"),
        SentBeforeMs = Times.Maybe(wire.SentBefore, "filter.sentBefore"),
        Attributes = wire.Attributes.ToDictionary(static pair => pair.Key, static IReadOnlyList<string> (pair) => pair.Value.Values, StringComparer.Ordinal),
    };

    private static QueueName? MaybeName(string text, string field)
    {
        if (text.Length == 0)
            return null;
        return Names.Queue(text, field);
    }

    private static MoveReason? ReadReason(V1.MessageOrigin.Types.Reason reason) => reason switch
    {
        V1.MessageOrigin.Types.Reason.Unspecified => null,
        V1.MessageOrigin.Types.Reason.MaxReceives => MoveReason.MaxReceives,
        V1.MessageOrigin.Types.Reason.Rejected => MoveReason.Rejected,
        _ => throw Refusal.Invalid("filter.reason", "The reason is max_receives or rejected."),
    };
}
