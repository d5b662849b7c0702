using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/queues/{queue}/receive: leases what is ready, and waits for it as long as asked. Without a body all defaults hold. A broker
/// that stops answers who waits with no messages. Hot path.
/// </summary>
internal sealed class ReceiveMessages(Front front)
{
    private const string Example = """{"max":10,"waitSeconds":20}""";
    private const string StreamType = "application/x-ndjson";
    private const int Max = 0, WaitSeconds = 1, AttemptId = 3;

    public static readonly FieldTable Fields = new(["max", "waitSeconds", "leaseSeconds", "attemptId"]);

    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; receive fewer messages at once, or again later.");

    private static readonly Problem StreamRefused = Problem.NotSupported($"Streaming by {StreamType} is not supported yet.", "Accept");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var encoding = BodyEncoding.Auto;
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request, EncodingParameter.Name)
            ?? EncodingParameter.Read(context.Request, ref encoding)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        if (context.Request.Headers.Accept.ToString().Contains(StreamType, StringComparison.OrdinalIgnoreCase))
            return StreamRefused;
        var draft = new Draft();
        if (await JsonBody.ReadAsync(context, front, draft, Parse, bodyIsOptional: true) is { } problem)
            return problem;
        return await ReceiveAsync(context, broker, queue, draft.ToRequest(), encoding);
    }

    private async Task<Problem?> ReceiveAsync(
        HttpContext context, MessageBroker broker, QueueKey queue, ReceiveRequest request, BodyEncoding encoding)
    {
        // A receive that does not wait has nothing to cancel, and Kestrel makes the token only for who asks.
        CancellationToken leaving = request.WaitSeconds == 0 ? CancellationToken.None : context.RequestAborted;
        Result<ReceivedMessages> received = await broker.Queues.ReceiveAsync(queue, request, leaving);
        if (!received.IsOk)
            return Problem.Of(received.Error, queue);
        using var answer = BufferedAnswer.Rent();
        if (!await ComposeAsync(answer, broker, queue, received.Value, encoding))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    /// <summary>
    /// The messages' memory is given back before the answer goes out, as a client that reads slowly holds the answer only; and an answer that there is no
    /// place for before anything is waited for. What it would have carried is then as if it had not been received. Refused before the receive, all the small answers would be refused with the large ones.
    /// </summary>
    private async ValueTask<bool> ComposeAsync(BufferedAnswer answer, MessageBroker broker, QueueKey queue, ReceivedMessages received, BodyEncoding encoding)
    {
        using ReceivedMessages messages = received;
        if (await front.Budgets.ComposeAsync(answer, messages.TotalBytes, front.Clock, (messages, encoding), static (answer, state) => Write(answer, state.messages, state.encoding)))
            return true;
        await broker.Queues.ReturnAsync(queue, messages.Receipts());
        return false;
    }

    private static void Write(BufferedAnswer answer, ReceivedMessages messages, BodyEncoding encoding)
    {
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("messages"u8);
        for (int index = 0; index < messages.Count; index++)
            MessageWriter.Write(answer.Writer, in messages[index], encoding);
        answer.Writer.WriteEndArray();
        if (messages.Damaged.Count > 0)
            WriteDamaged(answer.Writer, messages.Damaged);
        answer.Writer.WriteEndObject();
    }

    private static void WriteDamaged(Utf8JsonWriter writer, IReadOnlyList<DamagedMessage> messages)
    {
        writer.WriteStartArray("damaged"u8);
        foreach (DamagedMessage message in messages)
            MessageWriter.WriteDamaged(writer, message);
        writer.WriteEndArray();
    }

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, Draft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return null;
            if (ReadField(ref reader, document, field, draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Draft draft)
    {
        if (field == AttemptId)
            return JsonText.Text(ref reader, document, Fields.Served[AttemptId], out draft.AttemptId!);
        int max = field switch
        {
            Max => QueueLimits.ReceiveMax,
            WaitSeconds => QueueLimits.ReceiveWaitSecondsMax,
            _ => QueueLimits.LeaseSecondsMax,
        };
        if (JsonText.Integer(ref reader, Fields.Served[field], field == Max ? 1 : 0, max, out int value) is { } problem)
            return problem;
        if (field == Max)
            draft.Max = value;
        else if (field == WaitSeconds)
            draft.WaitSeconds = value;
        else
            draft.LeaseSeconds = value;
        return null;
    }

    internal sealed class Draft
    {
        public int Max = 1;
        public int? WaitSeconds;
        public int? LeaseSeconds;
        public string? AttemptId;

        public ReceiveRequest ToRequest() => new(Max, WaitSeconds, LeaseSeconds) { AttemptId = AttemptId };
    }
}
