using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListEndpointsByPlatformApplication: those of one application, by pages.</summary>
internal sealed class ListEndpointsByPlatformApplication() : SnsOperation<ListEndpointsByPlatformApplication.Request>(nameof(ListEndpointsByPlatformApplication), Table)
{
    private const int Arn = 0;

    private static readonly MemberTable Table = new(required: 1, PlatformApplication.Parameter, "NextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Arn)
            request.Arn = MemberText.Read(ref members);
        else
            request.List.NextToken = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (PlatformApplication.Read(call, request.Arn, out DocumentKey application) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? attributes) = await AttributeDocument.GetAsync(call, application);
        return refused ?? (attributes is null ? PlatformApplication.Missing : await request.List.TakeAsync(
            call, application with { Kind = PlatformEndpoint.Kind, Name = application.Name + "/" }, key => PlatformEndpoint.ArnOf(call, key)));
    }

    protected override void Write(IAnswer answer, Request request) => request.List.Write(answer, "Endpoints"u8, "EndpointArn"u8);

    internal sealed class Request
    {
        public string Arn = "";
        public readonly DocumentList List = new();
    }
}
