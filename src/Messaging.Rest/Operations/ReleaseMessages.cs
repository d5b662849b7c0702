using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/release: the messages of these receipts are ready again, at once or after a delay; what nobody has worked on has not been received.</summary>
internal sealed class ReleaseMessages(Front front)
{
    private const string Example = """{"entries":[{"receipt":"...","delaySeconds":5}]}""";

    public static readonly FieldTable Fields = new(["entries"]);

    public static readonly FieldTable EntryFields = new(["receipt", "delaySeconds", "unhandled"]);

    public Task<Problem?> InvokeAsync(HttpContext context) =>
        ReceiptCall.InvokeAsync<ReleaseEntry>(front, context, Example, Parse, "entries", static (broker, queue, entries) =>
            broker.Queues.ReleaseAsync(queue, entries, CancellationToken.None));

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, EntryList<ReleaseEntry> entries) =>
        ReceiptCall.Parse(ref reader, document, Fields, entries, ReadEntry);

    private static Problem? ReadEntry(ref Utf8JsonReader reader, RequestDocument document, out ReleaseEntry entry)
    {
        Problem? problem = ReceiptCall.ReadEntry(ref reader, document, EntryFields, MessageLimits.DelaySecondsMax, out Receipt receipt, out int? seconds, out bool isUnhandled);
        entry = new ReleaseEntry(receipt, seconds) { IsUnhandled = isUnhandled };
        return problem;
    }
}
