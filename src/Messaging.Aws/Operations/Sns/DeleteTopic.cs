using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>DeleteTopic: the topic with its subscriptions; one that is not there is no error. A topic with an archive has to lose that first.</summary>
internal sealed class DeleteTopic() : SnsOperation<DeleteTopic.Request>(nameof(DeleteTopic), Table)
{
    private static readonly MemberTable Table = new(required: 1, "TopicArn");

    private static readonly AwsError Archived = new(AwsErrorCode.InvalidState, "Cannot delete a topic with an ArchivePolicy");

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.TopicArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.TopicArn, "TopicArn", Name);
        if (refused is not null)
            return refused == SnsRefusals.NoTopic ? null : refused;
        if (Annotations.Of(topic!.Definition.Annotations, TopicAttributes.Archive) is not null)
            return Archived;
        Result<bool> deleted = await call.Broker.Topics.DeleteAsync(topic.Key, default, CancellationToken.None);
        // Where that is refused it stays, and counts for nobody.
        if (deleted.IsOk)
            await DataProtection.DeleteAsync(call, topic);
        return deleted.IsOk || deleted.Error.Code == ErrorCode.TopicNotFound ? null : SnsRefusals.Of(deleted.Error);
    }

    internal sealed class Request
    {
        public string TopicArn = "";
    }
}
