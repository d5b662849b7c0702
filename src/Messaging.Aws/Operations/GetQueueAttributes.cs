using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>GetQueueAttributes: those that are asked for and that the queue has; its counts are exact at one synced moment.</summary>
internal sealed class GetQueueAttributes() : Operation<GetQueueAttributes.Request>(nameof(GetQueueAttributes), Table)
{
    private const int QueueUrl = 0;
    private const string All = "All";

    private static readonly MemberTable Table = new(required: 1, "QueueUrl", "AttributeNames");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            MemberTexts.Read(ref members, request.Names);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, QueueDescription? queue) = await call.DescribeAsync(request.QueueUrl, Name);
        if (refused is not null)
            return refused;
        var view = new QueueView(queue!, call.Region);
        foreach (string name in request.Names)
        {
            if (name != All && !QueueAttributes.TryGet(name, out _))
                return QueueAttributes.Unknown(name);
        }
        bool all = request.Names.Contains(All);
        foreach (QueueAttribute attribute in QueueAttributes.All)
        {
            if ((all || request.Names.Contains(attribute.Name)) && QueueAttributes.Read(attribute, view) is { } value)
                request.Found.Add(KeyValuePair.Create(attribute.Name, value));
        }
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        if (request.Found.Count == 0)
            return;
        answer.BeginMap("Attributes"u8, MapWords.Attributes);
        foreach ((string name, string value) in request.Found)
            answer.Entry(Encoding.ASCII.GetBytes(name), XmlText.Legal(value));
        answer.EndMap();
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly HashSet<string> Names = new(StringComparer.Ordinal);
        public readonly List<KeyValuePair<string, string>> Found = [];
    }
}
