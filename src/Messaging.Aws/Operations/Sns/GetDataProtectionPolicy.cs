using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetDataProtectionPolicy: the topic's, or an empty one.</summary>
internal sealed class GetDataProtectionPolicy() : SnsOperation<GetDataProtectionPolicy.Request>(nameof(GetDataProtectionPolicy), Table)
{
    private static readonly MemberTable Table = new(required: 1, "ResourceArn");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.ResourceArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.ResourceArn, "ResourceArn", Name);
        if (refused is not null)
            return refused;
        (refused, request.Policy) = await DataProtection.GetAsync(call, topic!);
        return refused;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("DataProtectionPolicy"u8, XmlText.Legal(request.Policy));

    internal sealed class Request
    {
        public string ResourceArn = "";
        public string Policy = "";
    }
}
