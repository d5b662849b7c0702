using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListPlatformApplications: those of the caller's account in this region, by pages.</summary>
internal sealed class ListPlatformApplications() : SnsOperation<DocumentList>(nameof(ListPlatformApplications), Table)
{
    private static readonly MemberTable Table = new(required: 0, "NextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, DocumentList request) => request.NextToken = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, DocumentList request) =>
        TopicAccess.Authorize(call, Name, call.Account)
        ?? await request.TakeAsync(call, AttributeDocument.Key(call, PlatformApplication.Kind, ""), key => PlatformApplication.ArnOf(call, key));

    protected override void Write(IAnswer answer, DocumentList request) => request.Write(answer, "PlatformApplications"u8, "PlatformApplicationArn"u8);
}
