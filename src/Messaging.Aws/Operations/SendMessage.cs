using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>
/// SendMessage: stores one message, and answers when it is on the disk. The broker is called without the connection's token, since the request's memory is lent until it has answered. Hot path.
/// </summary>
internal sealed class SendMessage() : Operation<SendMessage.Request>(nameof(SendMessage), Table)
{
    private const int QueueUrl = 0, FirstOfMessage = 1;

    private static readonly MemberTable Table = new(required: 2, ["QueueUrl", .. MessageDraft.Members]);

    public override bool HasResult => true;

    public override int RequestBytesMax => AwsLimits.RequestBytesMax;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            request.Message.Read(ref members, member - FirstOfMessage);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        var messages = new OutgoingMessage[1];
        if (request.Message.Check(definition, call.SenderTo(queue), inBatch: false, out messages[0]) is { } refused)
            return await call.ToldAsync(refused, queue);
        Result<SendOutcome[]> sent = await call.Broker.Queues.SendAsync(queue, messages, CancellationToken.None);
        if (!sent.IsOk)
            return BrokerErrors.Of(sent.Error);
        request.Outcome = sent.Value[0];
        return request.Outcome.Error is { } error ? BrokerErrors.Of(error) : null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        Span<byte> digest = stackalloc byte[BodyDigest.TextLength];
        BodyDigest.Write(request.Message.BodyText.Span, digest);
        SentMessage.Write(answer, request.Message, request.Outcome, digest);
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly MessageDraft Message = new();
        public SendOutcome Outcome;
    }
}
