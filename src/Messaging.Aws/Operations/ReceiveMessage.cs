using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ReceiveMessage: up to 10 messages, waiting up to 20 seconds for the first. Hot path.</summary>
internal sealed class ReceiveMessage() : Operation<ReceiveMessage.Request>(nameof(ReceiveMessage), Table)
{
    private const int QueueUrl = 0, AttributeNames = 1, SystemNames = 2, MessageNames = 3, Max = 4, Visibility = 5, Wait = 6;

    private static readonly MemberTable Table = new(
        required: 1, "QueueUrl", "AttributeNames", "MessageSystemAttributeNames", "MessageAttributeNames", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds",
        "ReceiveRequestAttemptId");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        switch (member)
        {
            case QueueUrl:
                request.QueueUrl = members.Text();
                break;
            case AttributeNames or SystemNames:
                ReadSystemNames(ref members, request);
                break;
            case MessageNames:
                members.BeginList();
                while (members.NextItem())
                    request.Filter.Add(members.Text().Span);
                break;
            case Max:
                request.Max = members.Integer();
                break;
            case Visibility:
                request.VisibilitySeconds = members.Integer();
                break;
            case Wait:
                request.WaitSeconds = members.Integer();
                break;
            default:
                request.AttemptId = Encoding.UTF8.GetString(members.Text().Span);
                break;
        }
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        bool isFifo = definition.Type == QueueType.Fifo;
        if (Check(request, isFifo) is { } wrong)
            return await call.ToldAsync(wrong, queue);
        int waitSeconds = request.WaitSeconds ?? Math.Min(definition.ReceiveWaitSeconds, AwsLimits.WaitSecondsMax);
        var asked = new ReceiveRequest(request.Max ?? 1, waitSeconds, request.VisibilitySeconds) { AttemptId = request.AttemptId, LeasedMax = AwsLimits.InFlightMax };
        if (waitSeconds > 0)
            call.ReleaseBody();
        // A receive that does not wait has nothing to cancel, and Kestrel makes the token only for who asks.
        Result<ReceivedMessages> received = await call.Broker.Queues.ReceiveAsync(queue, asked, waitSeconds == 0 ? CancellationToken.None : call.Http.RequestAborted);
        if (!received.IsOk)
            return isFifo && received.Error.Code == ErrorCode.TooManyLeased ? null : BrokerErrors.Of(received.Error);
        request.Messages = received.Value;
        request.Delivery = new Delivery(
            request.System, request.Filter, queue.Account.Value, call.Region, received.Value.ReceivedAtMs);
        request.Queue = queue;
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        if (request.Messages is not { Count: > 0 } messages)
            return;
        var bodies = new ReadOnlyMemory<byte>[messages.Count];
        for (int index = 0; index < bodies.Length; index++)
            bodies[index] = DeliveredMessage.AsText(messages[index].Body);
        Span<byte> digests = stackalloc byte[AwsLimits.ReceiveMax * BodyDigest.TextLength];
        BodyDigests.Write(bodies, digests);
        answer.BeginList("Messages"u8, "Message"u8);
        for (int index = 0; index < bodies.Length; index++)
        {
            answer.BeginItem();
            new DeliveredMessage(in messages[index], request.Delivery).Write(answer, bodies[index].Span, digests.Slice(index * BodyDigest.TextLength, BodyDigest.TextLength));
            answer.EndItem();
        }
        answer.EndList();
    }

    protected override long AnswerBytes(Request request) => request.Messages?.TotalBytes ?? 0;

    /// <summary>They are as if they had not been received.</summary>
    protected override ValueTask GiveBackAsync(Call call, Request request) => call.Broker.Queues.ReturnAsync(request.Queue, request.Messages!.Receipts());

    private static AwsError? Check(Request request, bool isFifo)
    {
        if (request.UnknownAttribute is { } unknown)
            return new AwsError(AwsErrorCode.InvalidAttributeName, $"Unknown Attribute {Refusals.Shown(unknown)}.");
        if (request.Max is < 1 or > AwsLimits.ReceiveMax)
            return Refusals.Invalid("MaxNumberOfMessages", $"{request.Max}", $"Must be between 1 and {AwsLimits.ReceiveMax}, if provided.");
        AwsError? outOfRange = Refusals.Range("WaitTimeSeconds", request.WaitSeconds, 0, AwsLimits.WaitSecondsMax)
            ?? Refusals.Range("VisibilityTimeout", request.VisibilitySeconds, 0, AwsLimits.VisibilitySecondsMax);
        if (outOfRange is not null || request.AttemptId is not { } attempt)
            return outOfRange;
        if (!isFifo)
            return Refusals.NotOfThisType("ReceiveRequestAttemptId", attempt);
        return IdText.IsLegal(attempt) ? null : Refusals.Invalid(
            "ReceiveRequestAttemptId", attempt, $"ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to {AwsLimits.IdCharactersMax} in length.");
    }

    private static void ReadSystemNames<TMembers>(ref TMembers members, Request request)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
        {
            ReadOnlyMemory<byte> name = members.Text();
            if (SystemAttributeNames.TryParse(name.Span, out SystemAttributes flag))
                request.System |= flag;
            else
                request.UnknownAttribute ??= Encoding.UTF8.GetString(name.Span);
        }
    }

    internal sealed class Request : IDisposable
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public SystemAttributes System;
        public string? UnknownAttribute;
        public readonly AttributeFilter Filter = new();
        public int? Max;
        public int? VisibilitySeconds;
        public int? WaitSeconds;
        public string? AttemptId;
        public QueueKey Queue;
        public ReceivedMessages? Messages;
        public Delivery Delivery;

        public void Dispose() => Messages?.Dispose();
    }
}
