using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ListQueues: the URLs of the caller's queues in this region, in the order of their names. Queues whose names this protocol can't have are left out.</summary>
internal sealed class ListQueues() : Operation<ListQueues.Request>(nameof(ListQueues), Table)
{
    private const int Prefix = 0, NextToken = 1;

    private static readonly MemberTable Table = new(required: 0, "QueueNamePrefix", "NextToken", "MaxResults");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Prefix)
            request.Prefix = Encoding.UTF8.GetString(members.Text().Span);
        else if (member == NextToken)
            request.Page.NextToken = Encoding.UTF8.GetString(members.Text().Span);
        else
            request.Page.Max = members.Integer();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        QueuePages page = request.Page;
        if ((page.Check() ?? call.Authorize(Name, new(call.Account, call.Namespace, default), null)) is { } refused)
            return refused;
        page.Next = string.IsNullOrEmpty(page.NextToken) ? null : page.NextToken;
        for (int rounds = 0; rounds < AwsLimits.ListRoundsMax; rounds++)
        {
            Result<QueuePage> found = await call.Broker.Queues.ListAsync(
                call.Account, call.Namespace, request.Prefix, page.Size - page.Urls.Count, page.Next, call.Http.RequestAborted);
            if (!found.IsOk)
                return found.Error.Field == "pageToken" ? QueuePages.WrongToken(page.NextToken!) : BrokerErrors.Of(found.Error);
            foreach (QueueDescription queue in found.Value.Queues)
            {
                if (QueueNames.IsLegal(queue.Key.Name.Value))
                    page.Urls.Add(call.UrlOf(queue.Key));
            }
            page.Next = found.Value.NextPageToken;
            if (page.Next is null || page.Urls.Count >= page.Size)
                break;
        }
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        if (request.Page.Urls.Count > 0)
            request.Page.WriteUrls(answer, "QueueUrls"u8);
        request.Page.WriteNext(answer);
    }

    internal sealed class Request
    {
        public string? Prefix;
        public readonly QueuePages Page = new();
    }
}
