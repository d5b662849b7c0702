using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/producers/{producer}/transactions: begins a transaction of the producer, which is named by its epoch.</summary>
internal sealed class BeginTransaction(Front front)
{
    private const string Example = """{"epoch":0}""";

    public static readonly FieldTable Fields = new(["epoch"]);

    private static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        long id = 0;
        var read = new Box();
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName _)
            ?? ProducerPath.Read(context, out id)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, read, Parse);
        if (refused is not null)
            return refused;
        Result<DateTimeOffset> began = await broker.Transactions.BeginAsync(CallAccount.Of(context), new ProducerIdentity(id, read.Epoch), CancellationToken.None);
        if (!began.IsOk)
            return Problem.Of(began.Error);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("transaction"u8, ProducerParser.NameOf(read.Epoch));
        Timestamps.Write(answer.Writer, ExpiresAt, began.Value.ToUnixTimeMilliseconds());
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status201Created);
        return null;
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, Box read)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The call has the epoch of the producer.", "epoch") : null;
            if (JsonText.Integer(ref reader, "epoch", 0, short.MaxValue, out int epoch) is { } problem)
                return problem;
            read.Epoch = (short)epoch;
        }
    }

    /// <summary>What has been read.</summary>
    private sealed class Box
    {
        public short Epoch;
    }
}
