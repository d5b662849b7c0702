using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Notifications;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>
/// Publish: one message to a topic; answered when it is on the disk, in the topic and in the queues that subscribe to it. The broker is called without the connection's token, since the request's memory is lent until it
/// has answered. Hot path.
/// </summary>
internal sealed class Publish() : SnsOperation<Publish.Request>(nameof(Publish), Table)
{
    private const int TopicArn = 6, TargetArn = 7;

    // A message is first, since it alone is required.
    private static readonly MemberTable Table = new(required: 1, [.. NotificationDraft.Members, "TopicArn", "TargetArn", "PhoneNumber"]);

    private static readonly AwsError NoTarget = SnsRefusals.Invalid("TopicArn or TargetArn", "no value for required parameter");

    public override bool HasResult => true;

    public override int RequestBytesMax => AwsLimits.RequestBytesMax;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member < TopicArn)
            request.Message.Read(ref members, member);
        else if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else if (member == TargetArn)
            request.TargetArn = MemberText.Read(ref members);
        else
            request.PhoneNumber = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (request.PhoneNumber.Length > 0)
            return SnsRefusals.Invalid("PhoneNumber", Sms.PhoneNumber.IsPlain(request.PhoneNumber)
                ? "This server sends text messages by a topic's subscription only" : $"{Refusals.Shown(request.PhoneNumber)} is not valid to publish to");
        bool isTopic = request.TopicArn.Length > 0;
        string arn = isTopic ? request.TopicArn : request.TargetArn;
        if (arn.Length == 0)
            return NoTarget;
        if (!isTopic && arn.Contains(":endpoint/", StringComparison.Ordinal))
            return await PlatformEndpoint.WhyNotPublishedAsync(call, arn);
        if (SnsArns.ReadTopic(call, arn, isTopic ? "TopicArn" : "TargetArn", out TopicKey topic) is { } wrong)
            return wrong;
        if (!call.Broker.Topics.TryGetDefinition(topic, out TopicDefinition? definition))
            return (await TopicAccess.DescribeAsync(call, topic, Name)).Refused ?? SnsRefusals.NoTopic;
        var records = new OutgoingRecord[1];
        if ((TopicAccess.Authorize(call, Name, topic, definition) ?? request.Message.Check(definition, "", out records[0])) is { } refused)
            return refused;
        Result<PublishOutcome[]> published = await call.Broker.Topics.PublishAsync(topic, records, null, CancellationToken.None);
        if (!published.IsOk)
            return SnsRefusals.Of(published.Error);
        if (published.Value[0].Error is { } error)
            return SnsRefusals.Of(error);
        request.Sequence = definition.Type == TopicType.Fifo ? published.Value[0].Offset : null;
        return call.Broker.Topics.TryIdentify(topic, published.Value[0], out request.Id) ? null : SnsRefusals.NoTopic;
    }

    protected override void Write(IAnswer answer, Request request) => PublishedRecord.Write(answer, request.Id, request.Sequence);

    internal sealed class Request
    {
        public readonly NotificationDraft Message = new();
        public string TopicArn = "";
        public string TargetArn = "";
        public string PhoneNumber = "";
        public MessageId Id;
        public long? Sequence;
    }
}
