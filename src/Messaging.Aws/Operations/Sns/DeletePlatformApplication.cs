using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>DeletePlatformApplication: the application with its endpoints; one that is not there is no error.</summary>
internal sealed class DeletePlatformApplication() : SnsOperation<DeletePlatformApplication.Request>(nameof(DeletePlatformApplication), Table)
{
    private static readonly MemberTable Table = new(required: 1, PlatformApplication.Parameter);

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Arn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((PlatformApplication.Read(call, request.Arn, out DocumentKey key) ?? await AttributeDocument.DeleteAsync(call, key)) is { } wrong)
            return wrong;
        for (int rounds = 0; rounds < AwsLimits.ListRoundsMax; rounds++)
        {
            Result<DocumentPage> endpoints = await call.Broker.Documents.ListAsync(
                key with { Kind = PlatformEndpoint.Kind, Name = key.Name + "/" }, SnsLimits.PageSize, null, call.Http.RequestAborted);
            if (!endpoints.IsOk)
                return SnsRefusals.Of(endpoints.Error);
            foreach (Document endpoint in endpoints.Value.Documents)
            {
                if (await PlatformEndpoint.DeleteAsync(call, key with { Kind = PlatformEndpoint.Kind, Name = endpoint.Name }, key) is { } refused)
                    return refused;
            }
            if (endpoints.Value.NextPageToken is null)
                break;
        }
        return null;
    }

    internal sealed class Request
    {
        public string Arn = "";
    }
}
