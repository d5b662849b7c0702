using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetPlatformApplicationAttributes: all but the credentials.</summary>
internal sealed class GetPlatformApplicationAttributes() : SnsOperation<GetPlatformApplicationAttributes.Request>(nameof(GetPlatformApplicationAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 1, PlatformApplication.Parameter);

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Arn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (PlatformApplication.Read(call, request.Arn, out DocumentKey key) is { } wrong)
            return wrong;
        (AwsError? refused, request.Attributes) = await AttributeDocument.GetAsync(call, key);
        return refused ?? (request.Attributes is null ? PlatformApplication.Missing : null);
    }

    protected override void Write(IAnswer answer, Request request) => MemberText.WriteMap(answer, "Attributes"u8, PlatformApplication.Shown(request.Attributes!));

    internal sealed class Request
    {
        public string Arn = "";
        public Dictionary<string, string>? Attributes;
    }
}
