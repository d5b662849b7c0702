using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>
/// Subscribe: a new subscription, or the ARN of the one that delivers there already, where it has the attributes that are asked for; one that waits for its confirmation is asked for it again. The queue's policy may deny it; to
/// callers of its own account it need not allow it, to others it must.
/// </summary>
internal sealed class Subscribe() : SnsOperation<Subscribe.Request>(nameof(Subscribe), Table)
{
    private const int TopicArn = 0, Protocol = 1, Endpoint = 2, Attributes = 3;

    private static readonly MemberTable Table = new(required: 2, "TopicArn", "Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn");

    private static readonly AwsError Contended = new(AwsErrorCode.Throttled, "The subscription is being made and ended by many at once; try again.");
    private static readonly AwsError OtherAttributes = SnsRefusals.Invalid("Attributes", "Subscription already exists with different attributes");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else if (member == Protocol)
            request.Protocol = MemberText.Read(ref members);
        else if (member == Endpoint)
            request.Endpoint = MemberText.Read(ref members);
        else if (member == Attributes)
            MemberText.ReadMap(ref members, request.Attributes);
        else
            request.WantsArn = MemberText.Read(ref members).Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (SnsArns.ReadTopic(call, request.TopicArn, "TopicArn", out TopicKey key) is { } wrong)
            return wrong;
        Result<TopicDescription> topic = await call.Broker.Topics.GetAsync(key, call.Http.RequestAborted);
        TopicDefinition? definition = topic.IsOk ? topic.Value.Definition : null;
        AwsError? refused = TopicAccess.Authorize(call, Name, key, definition, request.Protocol, request.Endpoint) ?? (topic.IsOk ? null : SnsRefusals.Of(topic.Error));
        if (refused is not null)
            return refused;
        var endpoint = new SubscriptionEndpoint(request.Protocol, request.Endpoint);
        refused = endpoint.Read(call, key, definition!, out SubscriptionTarget? target, out string name) ?? CheckQueue(call, key, target!);
        if (refused is not null)
            return refused;
        for (int tries = 0; tries < AwsLimits.EditTriesMax; tries++)
        {
            Result<SubscriptionDescription> found = await call.Broker.Subscriptions.FindAsync(key, target!, call.Http.RequestAborted);
            // Somebody may have given the name to a subscription that delivers elsewhere.
            AwsError? done = found.IsOk
                ? Compare(call, request, found.Value) ?? await AskAgainAsync(call, found.Value)
                : await CreateAsync(call, request, key, definition!, target!, tries == 0 ? name : $"{name}.{tries}");
            if (done != Contended)
                return done;
        }
        return Contended;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("SubscriptionArn"u8, XmlText.Legal(request.Arn));

    private static async ValueTask<AwsError?> CreateAsync(Call call, Request request, TopicKey topic, TopicDefinition definition, SubscriptionTarget target, string name)
    {
        var draft = new SubscriptionDraft(topic, call.RegionOf(topic.Namespace), new SubscriptionDefinition { Target = target, Raw = false });
        if (SubscriptionAttributes.Set(draft, request.Attributes) is { } wrong)
            return SnsRefusals.Invalid("Attributes", wrong);
        if (Replays.Check(draft, definition, now: null) is { } unfit)
            return unfit;
        if (draft.Definition.Filter is not null && await SubscriptionAccess.CheckFiltersAsync(call, topic) is { } exceeded)
            return exceeded;
        draft.Annotate(SubscriptionAttributes.Principal, call.Caller.IsAnonymous
            ? $"arn:aws:iam::{call.Account}:root"
            : new PolicyRequest(call.Caller, "", "", default).PrincipalArn);
        if (!SubscriptionName.TryParse(name, out SubscriptionName parsed))
            return SnsRefusals.Invalid("Endpoint");
        Result<PutSubscriptionResult> created = await call.Broker.Subscriptions.PutAsync(
            new SubscriptionKey(topic, parsed), draft.Definition, new Precondition { MustNotExist = true }, CancellationToken.None);
        if (!created.IsOk)
            return created.Error.Code is ErrorCode.PreconditionFailed or ErrorCode.TargetInUse ? Contended : Refused(created.Error);
        request.Tell(SnsArns.Of(call, created.Value.Subscription), created.Value.Subscription.Pending);
        return await Replays.ApplyAsync(call, created.Value.Subscription.Key, draft);
    }

    // Null where the subscription has each of the attributes that are asked for.
    private static AwsError? Compare(Call call, Request request, SubscriptionDescription subscription)
    {
        SubscriptionView now = SubscriptionAccess.View(call, subscription);
        var draft = new SubscriptionDraft(now.Topic, now.Region, subscription.Definition);
        if (SubscriptionAttributes.Set(draft, request.Attributes) is { } wrong)
            return SnsRefusals.Invalid("Attributes", wrong);
        SubscriptionView wanted = now with { Subscription = subscription with { Definition = draft.Definition } };
        foreach (string name in request.Attributes.Keys)
        {
            if (SubscriptionAttributes.TryGet(name, out SubscriptionAttribute? attribute) && attribute.Read(now) != attribute.Read(wanted))
                return OtherAttributes;
        }
        request.Tell(now.Arn, subscription.Pending);
        return null;
    }

    // Its question may be lost, or older than its token counts: whoever is defined again while it waits is asked again.
    private static async ValueTask<AwsError?> AskAgainAsync(Call call, SubscriptionDescription subscription)
    {
        if (!subscription.Pending)
            return null;
        Result<PutSubscriptionResult> put = await call.Broker.Subscriptions.PutAsync(
            subscription.Key, subscription.Definition, new Precondition { Versions = [subscription.Version] }, CancellationToken.None);
        return put.IsOk ? null : put.Error.Code is ErrorCode.PreconditionFailed ? Contended : Refused(put.Error);
    }

    private static AwsError? CheckQueue(Call call, TopicKey topic, SubscriptionTarget target)
    {
        if (!call.Front.IsClosed || target is not SubscriptionTarget.OfQueue { Queue: var name })
            return null;
        var queue = new QueueKey(topic.Account, topic.Namespace, name);
        if (!call.Broker.Queues.TryGetDefinition(queue, out QueueDefinition? definition))
            return null;
        // Whom the topic lets subscribe sends to the queue by it: who is of another account must be allowed to.
        if (call.Account != topic.Account && call.Authorize(nameof(SendMessage), queue, definition) is not null)
            return SnsRefusals.Invalid("Endpoint", "The policy of the queue does not allow the caller to send to it");
        if (QueuePolicies.Of(definition) is not { } policy)
            return null;
        RequestContext context = RequestContext.Of(call.Http, call.Front.Clock.GetUtcNow()) with
        {
            Service = "sns.amazonaws.com", SourceArn = SnsArns.Of(call, topic), SourceAccount = topic.Account.Value,
        };
        var request = new PolicyRequest(call.Caller, nameof(SendMessage), new QueueArn(call.RegionOf(topic.Namespace), topic.Account, name).ToString(), context);
        return policy.Evaluate(request) == PolicyDecision.ExplicitDeny ? SnsRefusals.Invalid("Endpoint", "The policy of the queue denies the topic to send to it") : null;
    }

    private static AwsError Refused(BrokerError error) =>
        error.Field == "deadLetter.queue" ? SnsRefusals.Invalid("Attributes", $"RedrivePolicy: {error.Detail}") : SnsRefusals.Of(error);

    internal sealed class Request
    {
        public string TopicArn = "";
        public string Protocol = "";
        public string Endpoint = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
        public bool WantsArn;

        public string Arn { get; private set; } = "";

        /// <summary>One that waits for its confirmation is told by its ARN only to who asks for that.</summary>
        public void Tell(string arn, bool isPending) => Arn = isPending && !WantsArn ? "pending confirmation" : arn;
    }
}
