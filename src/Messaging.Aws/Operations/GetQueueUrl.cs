using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;

namespace Messaging.Aws.Operations;

/// <summary>GetQueueUrl: by a queue's name, and its owner's account where that is not the caller's.</summary>
internal sealed class GetQueueUrl() : Operation<GetQueueUrl.Request>(nameof(GetQueueUrl), Table)
{
    private const int QueueName = 0;

    private static readonly MemberTable Table = new(required: 1, "QueueName", "QueueOwnerAWSAccountId");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = Encoding.UTF8.GetString(members.Text().Span);
        if (member == QueueName)
            request.Name = text;
        else
            request.Owner = text;
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        AccountId account = call.Account;
        if (request.Owner is { Length: > 0 } owner && !AccountId.TryParse(owner, out account))
            return Refusals.Invalid("QueueOwnerAWSAccountId", owner, "An account has 12 digits.");
        if (!QueueNames.TryParse(request.Name, out QueueName name))
            return Refusals.NoQueue;
        var key = new QueueKey(account, call.Namespace, name);
        request.Url = call.UrlOf(key);
        return (await call.DescribeAsync(key, Name)).Refused;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("QueueUrl"u8, Encoding.UTF8.GetBytes(request.Url));

    internal sealed class Request
    {
        public string Name = "";
        public string? Owner;
        public string Url = "";
    }
}
