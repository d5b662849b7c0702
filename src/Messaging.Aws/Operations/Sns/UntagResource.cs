using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>UntagResource: takes tags off a topic; a key that it does not have is no error.</summary>
internal sealed class UntagResource() : SnsOperation<UntagResource.Request>(nameof(UntagResource), Table)
{
    private const int ResourceArn = 0;

    private static readonly MemberTable Table = new(required: 2, "ResourceArn", "TagKeys");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == ResourceArn)
            request.ResourceArn = MemberText.Read(ref members);
        else
            MemberTexts.Read(ref members, request.Keys);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        AwsError? refused = await TopicAccess.EditAsync(call, request.ResourceArn, "ResourceArn", Name, (TopicDescription topic, out TopicDefinition next) =>
        {
            var tags = new Dictionary<string, string>(topic.Definition.Tags, StringComparer.Ordinal);
            foreach (string key in request.Keys)
                tags.Remove(key);
            next = topic.Definition with { Tags = tags };
            return null;
        });
        return refused == SnsRefusals.NoTopic ? SnsRefusals.NoResource : refused;
    }

    internal sealed class Request
    {
        public string ResourceArn = "";
        public readonly List<string> Keys = [];
    }
}
