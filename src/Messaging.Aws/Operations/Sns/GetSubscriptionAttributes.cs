using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Wire;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetSubscriptionAttributes: all that the subscription has.</summary>
internal sealed class GetSubscriptionAttributes() : SnsOperation<GetSubscriptionAttributes.Request>(nameof(GetSubscriptionAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 1, "SubscriptionArn");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.SubscriptionArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, SubscriptionDescription? subscription) = await SubscriptionAccess.DescribeAsync(call, request.SubscriptionArn, Name);
        if (refused is not null)
            return refused;
        SubscriptionView view = SubscriptionAccess.View(call, subscription!);
        foreach (SubscriptionAttribute attribute in SubscriptionAttributes.All)
        {
            if (attribute.Read(view) is { } value)
                request.Found.Add(KeyValuePair.Create(attribute.Name, value));
        }
        return null;
    }

    protected override void Write(IAnswer answer, Request request) => MemberText.WriteMap(answer, "Attributes"u8, request.Found);

    internal sealed class Request
    {
        public string SubscriptionArn = "";
        public readonly List<KeyValuePair<string, string>> Found = [];
    }
}
