using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetEndpointAttributes: those that are given; the others stay. A token that another endpoint of the application has is refused.</summary>
internal sealed class SetEndpointAttributes() : SnsOperation<SetEndpointAttributes.Request>(nameof(SetEndpointAttributes), Table)
{
    private const int Arn = 0;

    private static readonly MemberTable Table = new(required: 2, PlatformEndpoint.Parameter, "Attributes");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Arn)
            request.Arn = MemberText.Read(ref members);
        else
            MemberText.ReadMap(ref members, request.Attributes);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((PlatformEndpoint.Read(call, request.Arn, PlatformEndpoint.Parameter, out DocumentKey key, out DocumentKey application) ?? PlatformEndpoint.CheckAttributes(request.Attributes)) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? before) = await AttributeDocument.GetAsync(call, key);
        if (refused is not null || before is null)
            return refused ?? PlatformEndpoint.Missing;
        if (request.Attributes.TryGetValue(PlatformEndpoint.Token, out string? token) && token != before[PlatformEndpoint.Token])
        {
            (refused, DocumentKey owner) = await PlatformEndpoint.OfTokenAsync(call, application, token, PlatformEndpoint.IdOf(key));
            if (refused is not null || owner != key)
                return refused ?? SnsRefusals.Invalid("Token", $"Endpoint {PlatformEndpoint.ArnOf(call, owner)} already exists with the same Token.");
            await PlatformEndpoint.ReleaseAsync(call, application, before[PlatformEndpoint.Token], PlatformEndpoint.IdOf(key));
        }
        return await AttributeDocument.MergeAsync(call, key, request.Attributes, PlatformEndpoint.Missing);
    }

    internal sealed class Request
    {
        public string Arn = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
    }
}
