using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/extend: the leases of these receipts end so many seconds from now.</summary>
internal sealed class ExtendLeases(Front front)
{
    private const string Example = """{"entries":[{"receipt":"...","leaseSeconds":60}]}""";

    public static readonly FieldTable Fields = new(["entries"]);

    public static readonly FieldTable EntryFields = new(["receipt", "leaseSeconds"]);

    public Task<Problem?> InvokeAsync(HttpContext context) =>
        ReceiptCall.InvokeAsync<ExtendEntry>(front, context, Example, Parse, "entries", static (broker, queue, entries) =>
            broker.Queues.ExtendAsync(queue, entries, CancellationToken.None));

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, EntryList<ExtendEntry> entries) =>
        ReceiptCall.Parse(ref reader, document, Fields, entries, ReadEntry);

    private static Problem? ReadEntry(ref Utf8JsonReader reader, RequestDocument document, out ExtendEntry entry)
    {
        Problem? problem = ReceiptCall.ReadEntry(ref reader, document, EntryFields, QueueLimits.LeaseSecondsMax, out Receipt receipt, out int? seconds, out _);
        entry = new ExtendEntry(receipt, seconds ?? 0);
        return problem ?? (seconds is null ? Problem.Of(FrontCode.MissingField, "How long the lease is to last from now.", "leaseSeconds") : null);
    }
}
