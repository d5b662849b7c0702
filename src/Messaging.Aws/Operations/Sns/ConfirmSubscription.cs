using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Operations.Sns;

/// <summary>
/// ConfirmSubscription: whoever has the token that the endpoint or the mailbox was sent agrees to the subscription, with or without a signature; again is as good as once. So does whoever has ended it by its link, and wants it back. One that is signed may ask that the subscription
/// be ended with a signature only.
/// </summary>
internal sealed class ConfirmSubscription() : SnsOperation<ConfirmSubscription.Request>(nameof(ConfirmSubscription), Table)
{
    private const int TopicArn = 0, Token = 1;

    private static readonly MemberTable Table = new(required: 2, "TopicArn", "Token", "AuthenticateOnUnsubscribe");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = MemberText.Read(ref members);
        if (member == TopicArn)
            request.TopicArn = text;
        else if (member == Token)
            request.Token = text;
        else
            request.IsAuthenticated = text.Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (SnsArns.ReadLinkedTopic(call, request.TopicArn, "TopicArn", out TopicKey topic) is { } wrong)
            return wrong;
        Result<SubscriptionDescription> confirmed = await call.Broker.Subscriptions.ConfirmAsync(topic, null, request.Token, CancellationToken.None);
        if (!confirmed.IsOk && confirmed.Error.Field == "token")
            confirmed = await call.Broker.Farewells.RestoreAsync(topic, request.Token, CancellationToken.None);
        if (!confirmed.IsOk)
            return confirmed.Error.Field == "token" ? SnsRefusals.Invalid("Token") : SnsRefusals.Of(confirmed.Error);
        request.Arn = SnsArns.Of(call, confirmed.Value);
        if (!request.IsAuthenticated || call.Caller.IsAnonymous)
            return null;
        Result<PutSubscriptionResult> marked = await call.Broker.Subscriptions.PatchAsync(
            confirmed.Value.Key,
            static definition => definition with { Annotations = Annotations.With(definition.Annotations, SubscriptionAttributes.Authenticated, "true") },
            new Precondition { MustExist = true }, CancellationToken.None);
        return marked.IsOk ? null : SnsRefusals.Of(marked.Error);
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("SubscriptionArn"u8, XmlText.Legal(request.Arn));

    internal sealed class Request
    {
        public string TopicArn = "";
        public string Token = "";
        public bool IsAuthenticated;
        public string Arn = "";
    }
}
