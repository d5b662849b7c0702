using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>CreatePlatformEndpoint: a new endpoint, or the ARN of the one that has the token, where it has the attributes that are asked for.</summary>
internal sealed class CreatePlatformEndpoint() : SnsOperation<CreatePlatformEndpoint.Request>(nameof(CreatePlatformEndpoint), Table)
{
    private const int Application = 0, Token = 1, UserData = 2;

    private static readonly MemberTable Table = new(required: 2, PlatformApplication.Parameter, "Token", "CustomUserData", "Attributes");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Application)
            request.Application = MemberText.Read(ref members);
        else if (member == Token)
            request.Attributes[PlatformEndpoint.Token] = MemberText.Read(ref members);
        else if (member == UserData)
            request.Attributes[PlatformEndpoint.UserData] = MemberText.Read(ref members);
        else
            MemberText.ReadMap(ref members, request.Attributes);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((PlatformApplication.Read(call, request.Application, out DocumentKey application) ?? PlatformEndpoint.CheckAttributes(request.Attributes)) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? owner) = await AttributeDocument.GetAsync(call, application);
        if (refused is not null || owner is null)
            return refused ?? PlatformApplication.Missing;
        (refused, DocumentKey key) = await PlatformEndpoint.OfTokenAsync(call, application, request.Attributes[PlatformEndpoint.Token]);
        if (refused is not null)
            return refused;
        request.Arn = PlatformEndpoint.ArnOf(call, key);
        return await AttributeDocument.ChangeAsync(call, key, (Dictionary<string, string>? attributes, out Dictionary<string, string>? next) =>
        {
            next = attributes ?? new Dictionary<string, string>(request.Attributes, StringComparer.Ordinal);
            next.TryAdd(PlatformEndpoint.Enabled, "true");
            foreach ((string name, string value) in request.Attributes)
            {
                if (next.GetValueOrDefault(name) != value)
                    return SnsRefusals.Invalid("Token", $"Endpoint {request.Arn} already exists with the same Token, but different attributes.");
            }
            return null;
        });
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("EndpointArn"u8, XmlText.Legal(request.Arn));

    internal sealed class Request
    {
        public string Application = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
        public string Arn = "";
    }
}
