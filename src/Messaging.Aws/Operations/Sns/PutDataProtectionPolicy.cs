using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>PutDataProtectionPolicy: keeps the policy with the topic; an empty one removes it.</summary>
internal sealed class PutDataProtectionPolicy() : SnsOperation<PutDataProtectionPolicy.Request>(nameof(PutDataProtectionPolicy), Table)
{
    private const int ResourceArn = 0;

    private static readonly MemberTable Table = new(required: 2, "ResourceArn", "DataProtectionPolicy");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == ResourceArn)
            request.ResourceArn = MemberText.Read(ref members);
        else
            request.Policy = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.ResourceArn, "ResourceArn", Name);
        if (refused is not null)
            return refused;
        return request.Policy.Length == 0
            ? await DataProtection.DeleteAsync(call, topic!)
            : DataProtection.Check(request.Policy) ?? await DataProtection.PutAsync(call, topic!, request.Policy);
    }

    internal sealed class Request
    {
        public string ResourceArn = "";
        public string Policy = "";
    }
}
