using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetTopicAttributes: all that the topic has.</summary>
internal sealed class GetTopicAttributes() : SnsOperation<GetTopicAttributes.Request>(nameof(GetTopicAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 1, "TopicArn");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.TopicArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.TopicArn, "TopicArn", Name);
        if (refused is not null)
            return refused;
        Result<SubscriptionCounts> counts = await call.Broker.Subscriptions.CountAsync(topic!.Key, call.Http.RequestAborted);
        if (!counts.IsOk)
            return SnsRefusals.Of(counts.Error);
        var view = new TopicView(topic, SnsArns.Of(call, topic.Key), counts.Value) { ArchiveBeginsMs = await FindArchiveAsync(call, topic) };
        foreach (TopicAttribute attribute in TopicAttributes.All)
        {
            if (TopicAttributes.Read(attribute, view) is { } value)
                request.Found.Add(KeyValuePair.Create(attribute.Name, value));
        }
        return null;
    }

    // An empty archive begins with the next message.
    private static async ValueTask<long?> FindArchiveAsync(Call call, TopicDescription topic)
    {
        if (Annotations.Of(topic.Definition.Annotations, TopicAttributes.Archive) is null)
            return null;
        Result<IReadOnlyList<FoundOffset>> found = await call.Broker.Topics.FindOffsetsAsync(topic.Key, 0, 0, call.Http.RequestAborted);
        return found.IsOk && found.Value[0].TimestampMs is { } time ? time : call.Front.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    protected override void Write(IAnswer answer, Request request) => MemberText.WriteMap(answer, "Attributes"u8, request.Found);

    internal sealed class Request
    {
        public string TopicArn = "";
        public readonly List<KeyValuePair<string, string>> Found = [];
    }
}
