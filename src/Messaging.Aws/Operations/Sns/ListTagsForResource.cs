using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListTagsForResource: all of the topic's.</summary>
internal sealed class ListTagsForResource() : SnsOperation<ListTagsForResource.Request>(nameof(ListTagsForResource), Table)
{
    private static readonly MemberTable Table = new(required: 1, "ResourceArn");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.ResourceArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.ResourceArn, "ResourceArn", Name);
        request.Tags = topic?.Definition.Tags;
        return refused == SnsRefusals.NoTopic ? SnsRefusals.NoResource : refused;
    }

    protected override void Write(IAnswer answer, Request request) => TopicTags.Write(answer, request.Tags!);

    internal sealed class Request
    {
        public string ResourceArn = "";
        public IReadOnlyDictionary<string, string>? Tags;
    }
}
