using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetSMSSandboxAccountStatus: no account is in a sandbox here, since nothing depends on a number being verified.</summary>
internal sealed class GetSMSSandboxAccountStatus() : SnsOperation<GetSMSSandboxAccountStatus.Request>(nameof(GetSMSSandboxAccountStatus), Table)
{
    private static readonly MemberTable Table = new(required: 0);

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => members.Skip();

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) => ValueTask.FromResult(TopicAccess.Authorize(call, Name, call.Account));

    protected override void Write(IAnswer answer, Request request) => answer.Boolean("IsInSandbox"u8, false);

    /// <summary>Nothing is asked.</summary>
    internal sealed class Request;
}
