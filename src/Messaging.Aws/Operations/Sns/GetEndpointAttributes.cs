using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetEndpointAttributes: all of the endpoint's.</summary>
internal sealed class GetEndpointAttributes() : SnsOperation<GetEndpointAttributes.Request>(nameof(GetEndpointAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 1, PlatformEndpoint.Parameter);

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Arn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (PlatformEndpoint.Read(call, request.Arn, PlatformEndpoint.Parameter, out DocumentKey key, out _) is { } wrong)
            return wrong;
        (AwsError? refused, request.Attributes) = await AttributeDocument.GetAsync(call, key);
        return refused ?? (request.Attributes is null ? PlatformEndpoint.Missing : null);
    }

    protected override void Write(IAnswer answer, Request request) => MemberText.WriteMap(answer, "Attributes"u8, request.Attributes!);

    internal sealed class Request
    {
        public string Arn = "";
        public Dictionary<string, string>? Attributes;
    }
}
