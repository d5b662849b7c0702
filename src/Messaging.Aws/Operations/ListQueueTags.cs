using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ListQueueTags: all of the queue's, or nothing where it has none.</summary>
internal sealed class ListQueueTags() : Operation<ListQueueTags.Request>(nameof(ListQueueTags), Table)
{
    private static readonly MemberTable Table = new(required: 1, "QueueUrl");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.QueueUrl = members.Text();

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, QueueDescription? queue) = await call.DescribeAsync(request.QueueUrl, Name);
        request.Tags = queue?.Definition.Tags;
        return refused;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        if (request.Tags is not { Count: > 0 } tags)
            return;
        answer.BeginMap("Tags"u8, MapWords.Tags);
        foreach ((string key, string value) in tags)
            answer.Entry(XmlText.Legal(key), XmlText.Legal(value));
        answer.EndMap();
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public IReadOnlyDictionary<string, string>? Tags;
    }
}
