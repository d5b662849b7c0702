using System.Text;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/reject: the messages of these receipts are in the dead-letter queue, with the receiver's reason.</summary>
internal sealed class RejectMessages(Front front)
{
    private const string Example = """{"entries":[{"receipt":"...","reason":"no such customer"}]}""";
    private const int ReceiptField = 0;

    public static readonly FieldTable Fields = new(["entries"]);

    public static readonly FieldTable EntryFields = new(["receipt", "reason"]);

    public Task<Problem?> InvokeAsync(HttpContext context) =>
        ReceiptCall.InvokeAsync<RejectEntry>(front, context, Example, Parse, "entries", static (broker, queue, entries) =>
            broker.Queues.RejectAsync(queue, entries, CancellationToken.None));

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, EntryList<RejectEntry> entries) =>
        ReceiptCall.Parse(ref reader, document, Fields, entries, ReadEntry);

    private static Problem? ReadEntry(ref Utf8JsonReader reader, RequestDocument document, out RejectEntry entry)
    {
        entry = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        uint seen = 0;
        while (true)
        {
            if (EntryFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & 1u << ReceiptField) == 0 ? Problem.Of(FrontCode.MissingField, "An entry has the receipt of its message.", "receipt") : null;
            Problem? problem = field == ReceiptField ? ReadReceipt(ref reader, document, ref entry) : ReadReason(ref reader, document, ref entry);
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadReceipt(ref Utf8JsonReader reader, RequestDocument document, ref RejectEntry entry)
    {
        Problem? problem = ReceiptParser.Read(ref reader, document, out Receipt receipt)?.Under("receipt");
        entry = entry with { Receipt = receipt };
        return problem;
    }

    private static Problem? ReadReason(ref Utf8JsonReader reader, RequestDocument document, ref RejectEntry entry)
    {
        if (JsonText.Bytes(ref reader, document, "reason", out ReadOnlyMemory<byte> text) is { } problem)
            return problem;
        if (text.Length > QueueLimits.RejectReasonBytesMax)
            return Problem.Invalid("reason", $"A reason has at most {QueueLimits.RejectReasonBytesMax} bytes.");
        entry = entry with { Reason = Encoding.UTF8.GetString(text.Span) };
        return null;
    }
}
