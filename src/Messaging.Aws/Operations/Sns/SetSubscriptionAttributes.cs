using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetSubscriptionAttributes: one attribute; an empty FilterPolicy or RedrivePolicy removes it. It holds from the next message on. A ReplayPolicy begins a replay, an empty one ends it.</summary>
internal sealed class SetSubscriptionAttributes() : SnsOperation<SetSubscriptionAttributes.Request>(nameof(SetSubscriptionAttributes), Table)
{
    private const int SubscriptionArn = 0, AttributeName = 1;

    private static readonly MemberTable Table = new(required: 2, "SubscriptionArn", "AttributeName", "AttributeValue");

    /// <summary>Whoever changes the same subscription at the same time gets through sooner or later; this often in a row is not by chance.</summary>
    private const int TriesMax = 20;

    private static readonly AwsError Busy = new(AwsErrorCode.Throttled, "The subscription is being changed by many at once; try again.");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = MemberText.Read(ref members);
        if (member == SubscriptionArn)
            request.SubscriptionArn = text;
        else if (member == AttributeName)
            request.Attribute = text;
        else
            request.Value = text;
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        for (int tries = 0; tries < TriesMax; tries++)
        {
            (AwsError? refused, SubscriptionDescription? found) = await SubscriptionAccess.DescribeAsync(call, request.SubscriptionArn, Name);
            if (refused is not null)
                return refused;
            if (!SubscriptionAttributes.TryGet(request.Attribute, out SubscriptionAttribute? attribute))
                return SnsRefusals.Invalid("AttributeName");
            SubscriptionDescription subscription = found!;
            var draft = new SubscriptionDraft(subscription.Key.Topic, call.RegionOf(subscription.Key.Topic.Namespace), subscription.Definition);
            if (attribute.Set!(draft, request.Value) is { } wrong)
                return SnsRefusals.Invalid(wrong);
            TopicDefinition? topic = call.Broker.Topics.TryGetDefinition(draft.Topic, out TopicDefinition? definition) ? definition : null;
            if (Replays.Check(draft, topic, subscription.Replay) is { } unfit)
                return unfit;
            if (subscription.Definition.Filter is null && draft.Definition.Filter is not null && await SubscriptionAccess.CheckFiltersAsync(call, draft.Topic) is { } exceeded)
                return exceeded;
            Result<PutSubscriptionResult> put = await call.Broker.Subscriptions.PutAsync(
                subscription.Key, draft.Definition, new Precondition { Versions = [subscription.Version] }, CancellationToken.None);
            if (put.IsOk)
                return await Replays.ApplyAsync(call, subscription.Key, draft);
            if (put.Error.Code != ErrorCode.PreconditionFailed)
                return put.Error.Field == "deadLetter.queue" ? SnsRefusals.Invalid($"RedrivePolicy: {put.Error.Detail}") : SnsRefusals.Of(put.Error);
        }
        return Busy;
    }

    internal sealed class Request
    {
        public string SubscriptionArn = "";
        public string Attribute = "";
        public string Value = "";
    }
}
