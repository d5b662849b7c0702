using System.Text;
using Messaging.Broker.Access;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What a sample says beyond the first set's text: a line only where there is something, so that the first text stays as it is.</summary>
internal static class SampleWords
{
    public static void Definition(QueueDefinition definition, StringBuilder text)
    {
        foreach ((string key, string value) in definition.Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            Line(text, $"  annotation \"{key}\" = \"{value.ReplaceLineEndings(@"\n")}\"");
        }

        if (definition is { DeadLetter: null, Deduplication: null, Retry: null, Priorities: 1, MaxMessages: null }) return;
        Line(text, $"  {definition.DeadLetter}, {definition.Deduplication}, {definition.Retry}, priorities {definition.Priorities}, up to {definition.MaxMessages} messages");
    }

    public static void State(QueueState state, StringBuilder text)
    {
        if (state.Deliverable != state.Ready) Line(text, $"  deliverable {state.Deliverable}, set aside {state.Aside.Count}");
        if (state.NextExpiryMs != long.MaxValue) Line(text, $"  next expiry {state.NextExpiryMs}");
        if (state.Windows is not { } windows) return;
        if (windows.Answers is { } answers) Line(text, $"  {answers.Count} answers of {answers.Weight}");
        if (windows.Firsts is { } firsts) Line(text, $"  {firsts.Count} deduplication ids");
        if (windows.Attempts is { } attempts) Line(text, $"  {attempts.Count} attempts of {attempts.Weight}");
    }

    public static void Message(in RecordDecoder.Decoded message, in Delivery delivery, StringBuilder text)
    {
        if (message.Group is not null || message.Priority > 0) Line(text, $"     group {message.Group}, priority {message.Priority}");
        if (message.DeduplicationId is not null || message.ExpiresMs > 0) Line(text, $"     deduplication id {message.DeduplicationId}, expires {message.ExpiresMs}");
        if (message.Id is not null || message.Origin is not null) Line(text, $"     id {message.Id}, sent {message.SentMs}, {message.Origin}");
        if (message.Sender is not null || message.TraceHeader is not null) Line(text, $"     sender {message.Sender}, trace {message.TraceHeader}");
        if (message.PublishedAt is { } place) Line(text, $"     a copy of {place.StreamId}/{place.Offset}{(message.Envelope.IsEmpty ? "" : $", a notification of {Convert.ToHexString(message.Envelope.Span)}")}{(message.IsStructured ? ", structured" : "")}");
        if (message.Subject is not null) Line(text, $"     subject {message.Subject}");
        if (delivery.UnhandledCount > 0) Line(text, $"     {delivery.UnhandledCount} times unhandled");
        if (delivery.RetryMs > 0 || delivery.IsAside) Line(text, $"     waits {delivery.RetryMs} ms, set aside {delivery.IsAside}");
    }

    public static void Operation(LongOperation operation, StringBuilder text) => Line(
        text,
        $"operation {operation.Number} {operation.Id} of {operation.Queue} {operation.Status} at {operation.Cursor} of {operation.EndOffset}: moved {operation.Moved}, failed {operation.Failed} ({operation.FailureReason}), skipped {operation.Skipped}, about {operation.ApproximateTotal}, {operation.StartedMs} to {operation.EndedMs}, to \"{operation.Request.Destination}\", {operation.Request.MessagesPerSecond} a second, {operation.Request.Filter?.Reason} {operation.Request.Filter?.SentBeforeMs}");

    public static void Key(AccessKey key, StringBuilder text) => Line(text, $"access key {key.Id} of {key.Account}: \"{key.Secret}\"");

    private static void Line(StringBuilder text, string line) => SampleQueues.Line(text, line);
}
