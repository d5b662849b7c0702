using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>DeleteEndpoint: one that is not there is no error.</summary>
internal sealed class DeleteEndpoint() : SnsOperation<DeleteEndpoint.Request>(nameof(DeleteEndpoint), Table)
{
    private static readonly MemberTable Table = new(required: 1, PlatformEndpoint.Parameter);

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Arn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        PlatformEndpoint.Read(call, request.Arn, PlatformEndpoint.Parameter, out DocumentKey key, out DocumentKey application) ?? await PlatformEndpoint.DeleteAsync(call, key, application);

    internal sealed class Request
    {
        public string Arn = "";
    }
}
