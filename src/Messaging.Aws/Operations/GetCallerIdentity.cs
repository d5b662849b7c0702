using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations;

/// <summary>GetCallerIdentity of AWS Security Token Service: tools for infrastructure ask it before anything else. Nothing else of that service is served.</summary>
internal sealed class GetCallerIdentity() : Operation<GetCallerIdentity.Request>(nameof(GetCallerIdentity), Table)
{
    private static readonly MemberTable Table = new(required: 0);

    public override AwsService Service => AwsService.Sts;

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => members.Skip();

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Front.IsClosed && call.Caller.IsAnonymous)
            return ValueTask.FromResult<AwsError?>(new AwsError(AwsErrorCode.MissingAuthentication, "Request is missing Authentication Token"));
        (request.Account, request.User) = (call.Account.Value, call.Caller.AccessKeyId);
        return ValueTask.FromResult<AwsError?>(null);
    }

    protected override void Write(IAnswer answer, Request request)
    {
        bool isUser = request.User.Length > 0 && request.User != request.Account;
        string arn = $"arn:aws:iam::{request.Account}:" + (isUser ? $"user/{request.User}" : "root");
        answer.Text("Arn"u8, XmlText.Legal(arn));
        answer.Text("UserId"u8, XmlText.Legal(isUser ? request.User : request.Account));
        answer.Text("Account"u8, Encoding.ASCII.GetBytes(request.Account));
    }

    internal sealed class Request
    {
        public string Account = "";
        public string User = "";
    }
}
