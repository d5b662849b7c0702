using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>TagResource: adds tags to a topic, and replaces those of the same keys.</summary>
internal sealed class TagResource() : SnsOperation<TagResource.Request>(nameof(TagResource), Table)
{
    private const int ResourceArn = 0;

    private static readonly MemberTable Table = new(required: 2, "ResourceArn", "Tags");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == ResourceArn)
            request.ResourceArn = MemberText.Read(ref members);
        else
            TopicTags.Read(ref members, request.Tags);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (TopicTags.Check(request.Tags, out Dictionary<string, string> added) is { } wrong)
            return wrong;
        AwsError? refused = await TopicAccess.EditAsync(call, request.ResourceArn, "ResourceArn", Name, (TopicDescription topic, out TopicDefinition next) =>
        {
            var tags = new Dictionary<string, string>(topic.Definition.Tags, StringComparer.Ordinal);
            foreach ((string key, string value) in added)
                tags[key] = value;
            next = topic.Definition with { Tags = tags };
            return TopicTags.CheckCount(tags.Count);
        });
        return refused == SnsRefusals.NoTopic ? SnsRefusals.NoResource : refused;
    }

    internal sealed class Request
    {
        public string ResourceArn = "";
        public readonly List<KeyValuePair<string, string>> Tags = [];
    }
}
