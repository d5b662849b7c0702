using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/acknowledge: the messages of these receipts are done, on the disk. Hot path.</summary>
internal sealed class AcknowledgeMessages(Front front)
{
    private const string Example = """{"receipts":["..."]}""";

    public static readonly FieldTable Fields = new(["receipts"]);

    public Task<Problem?> InvokeAsync(HttpContext context) =>
        ReceiptCall.InvokeAsync<Receipt>(front, context, Example, Parse, "receipts", static (broker, queue, receipts) =>
            broker.Queues.AcknowledgeAsync(queue, receipts, CancellationToken.None));

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, EntryList<Receipt> receipts) =>
        ReceiptCall.Parse(ref reader, document, Fields, receipts, ReceiptParser.Read);
}
