using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ListDeadLetterSourceQueues: the URLs of the queues whose dead letters come to this one. The answer's list is called queueUrls, in lower case, as in the service.</summary>
internal sealed class ListDeadLetterSourceQueues() : Operation<ListDeadLetterSourceQueues.Request>(nameof(ListDeadLetterSourceQueues), Table)
{
    private const int QueueUrl = 0, NextToken = 1;

    private static readonly MemberTable Table = new(required: 1, "QueueUrl", "NextToken", "MaxResults");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else if (member == NextToken)
            request.Page.NextToken = Encoding.UTF8.GetString(members.Text().Span);
        else
            request.Page.Max = members.Integer();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        QueuePages page = request.Page;
        if (page.Check() is { } wrong)
            return wrong;
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out _) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        string? token = string.IsNullOrEmpty(page.NextToken) ? null : page.NextToken;
        Result<QueueKeyPage> found = await call.Broker.Queues.ListDeadLetterSourcesAsync(queue, page.Size, token, call.Http.RequestAborted);
        if (!found.IsOk)
            return found.Error.Field == "pageToken" ? QueuePages.WrongToken(token!) : BrokerErrors.Of(found.Error);
        page.Urls.AddRange(found.Value.Queues.Where(static key => QueueNames.IsLegal(key.Name.Value)).Select(key => call.UrlOf(key)));
        page.Next = found.Value.NextPageToken;
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        request.Page.WriteUrls(answer, "queueUrls"u8);
        request.Page.WriteNext(answer);
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly QueuePages Page = new();
    }
}
