using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// What acknowledge, extend and release have in common: one array of receipts, and a result without members for each. Hot path.
/// </summary>
internal static class ReceiptCall
{
    private const int ReceiptField = 0;
    private const int SecondsField = 1;

    public static async Task<Problem?> InvokeAsync<TEntry>(
        Front front, HttpContext context, string example, ObjectParser<EntryList<TEntry>> parse, string place,
        Func<MessageBroker, QueueKey, ReadOnlyMemory<TEntry>, ValueTask<Result<BrokerError?[]>>> call)
    {
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request);
        if (refused is not null)
            return refused;
        using var entries = new EntryList<TEntry>();
        if (await JsonBody.ReadAsync(context, front, example, entries, parse) is { } problem)
            return problem;
        Result<BrokerError?[]> done = entries.Accepted.IsEmpty ? Array.Empty<BrokerError?>() : await call(broker, queue, entries.Accepted);
        if (!done.IsOk)
            return Problem.Of(done.Error, queue);
        await JsonBatch.AnswerAsync(context, place, entries, done.Value, ErrorOf, Write);
        return null;
    }

    public static Problem? Parse<TEntry>(
        ref Utf8JsonReader reader, RequestDocument document, FieldTable fields, EntryList<TEntry> entries, EntryParser<TEntry> parseEntry)
    {
        string name = fields.Served[0];
        uint seen = 0;
        while (true)
        {
            if (fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, $"The call has {name}, an array with at least one entry.", name) : null;
            if (JsonRequest.Entries(ref reader, document, name, entries, parseEntry) is { } problem)
                return problem;
        }
    }

    /// <summary>A receipt with a number of seconds beside it, which may be left out, and where the table has a third field with that, true or false.</summary>
    public static Problem? ReadEntry(
        ref Utf8JsonReader reader, RequestDocument document, FieldTable fields, int secondsMax, out Receipt receipt, out int? seconds, out bool isMarked)
    {
        (receipt, seconds, isMarked) = (default, null, false);
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        uint seen = 0;
        while (true)
        {
            if (fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & 1u << ReceiptField) == 0 ? Problem.Of(FrontCode.MissingField, "An entry has the receipt of its message.", "receipt") : null;
            Problem? problem = field switch
            {
                ReceiptField => ReceiptParser.Read(ref reader, document, out receipt)?.Under("receipt"),
                SecondsField => ReadSeconds(ref reader, fields.Served[field], secondsMax, out seconds),
                _ => JsonText.Boolean(ref reader, fields.Served[field], out isMarked),
            };
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadSeconds(ref Utf8JsonReader reader, string name, int max, out int? seconds)
    {
        Problem? problem = JsonText.Integer(ref reader, name, 0, max, out int value);
        seconds = value;
        return problem;
    }

    private static BrokerError? ErrorOf(in BrokerError? outcome) => outcome;

    private static void Write(Utf8JsonWriter writer, in BrokerError? outcome)
    {
        // An entry that succeeded has nothing to tell.
    }
}
