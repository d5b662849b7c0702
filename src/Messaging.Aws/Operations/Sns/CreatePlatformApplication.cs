using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Mobile;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>CreatePlatformApplication: a new application of mobile push; of one that is there the attributes are replaced.</summary>
internal sealed class CreatePlatformApplication() : SnsOperation<CreatePlatformApplication.Request>(nameof(CreatePlatformApplication), Table)
{
    private const int ApplicationName = 0, Platform = 1;

    private static readonly MemberTable Table = new(required: 3, "Name", "Platform", "Attributes");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == ApplicationName)
            request.Name = MemberText.Read(ref members);
        else if (member == Platform)
            request.Platform = MemberText.Read(ref members);
        else
            MemberText.ReadMap(ref members, request.Attributes);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        AwsError? refused = TopicAccess.Authorize(call, Name, call.Account) ?? PlatformApplication.CheckName(request.Name) ?? PlatformApplication.CheckPlatform(request.Platform)
            ?? PlatformApplication.CheckAttributes(request.Attributes) ?? PlatformApplication.CheckCredentials(request.Platform, request.Attributes);
        if (refused is not null)
            return refused;
        DocumentKey key = AttributeDocument.Key(call, PlatformApplication.Kind, $"{request.Platform}/{request.Name}");
        request.Arn = PlatformApplication.ArnOf(call, key);
        return await AttributeDocument.ChangeAsync(call, key, (Dictionary<string, string>? _, out Dictionary<string, string>? next) =>
        {
            next = new Dictionary<string, string>(request.Attributes, StringComparer.Ordinal);
            next.TryAdd(PlatformApplication.Enabled, "true");
            return null;
        });
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("PlatformApplicationArn"u8, XmlText.Legal(request.Arn));

    internal sealed class Request
    {
        public string Name = "";
        public string Platform = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
        public string Arn = "";
    }
}
