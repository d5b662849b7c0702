using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>TagQueue: adds tags, and replaces those of the same keys.</summary>
internal sealed class TagQueue() : Operation<TagQueue.Request>(nameof(TagQueue), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Tags");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            TagRules.Read(ref members, request.Tags);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TagRules.Check(request.Tags) ?? await QueueEdit.RunAsync(call, request.QueueUrl, Name, (QueueDescription queue, out QueueDefinition next) =>
        {
            var tags = new Dictionary<string, string>(queue.Definition.Tags, StringComparer.Ordinal);
            foreach ((string key, string value) in request.Tags)
                tags[key] = value;
            next = queue.Definition with { Tags = tags };
            return TagRules.CheckCount(tags.Count, queue.Key.Name.Value);
        });

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal);
    }
}
