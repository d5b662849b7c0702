using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetPlatformApplicationAttributes: those that are given; the others stay.</summary>
internal sealed class SetPlatformApplicationAttributes() : SnsOperation<SetPlatformApplicationAttributes.Request>(nameof(SetPlatformApplicationAttributes), Table)
{
    private const int Arn = 0;

    private static readonly MemberTable Table = new(required: 2, PlatformApplication.Parameter, "Attributes");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Arn)
            request.Arn = MemberText.Read(ref members);
        else
            MemberText.ReadMap(ref members, request.Attributes);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        PlatformApplication.Read(call, request.Arn, out DocumentKey key) ?? PlatformApplication.CheckAttributes(request.Attributes)
        ?? await AttributeDocument.MergeAsync(call, key, request.Attributes, PlatformApplication.Missing);

    internal sealed class Request
    {
        public string Arn = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
    }
}
