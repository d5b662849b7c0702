using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>CreateTopic: a new topic, which keeps nothing beyond its fan-out, or the ARN of the one that is there as it is asked for.</summary>
internal sealed class CreateTopic() : SnsOperation<CreateTopic.Request>(nameof(CreateTopic), Table)
{
    private const int TopicName = 0, Attributes = 1, Tags = 2;

    private static readonly MemberTable Table = new(required: 1, "Name", "Attributes", "Tags", "DataProtectionPolicy");

    private static readonly AwsError Contended = new(AwsErrorCode.Throttled, "The topic is being created and deleted by many at once; try again.");
    private static readonly AwsError OtherAttributes = SnsRefusals.Invalid("Attributes", "Topic already exists with different attributes");
    private static readonly AwsError OtherTags = SnsRefusals.Invalid("Tags", "Topic already exists with different tags");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicName)
            request.Name = MemberText.Read(ref members);
        else if (member == Attributes)
            MemberText.ReadMap(ref members, request.Attributes);
        else if (member == Tags)
            TopicTags.Read(ref members, request.Tags);
        else
            request.DataProtection = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (!TopicNames.TryParse(request.Name, out TopicName name))
            return SnsRefusals.Invalid("Topic Name");
        var key = new TopicKey(call.Account, call.Namespace, name);
        AwsError? refused = TopicAccess.Authorize(call, Name, key, null) ?? TopicTags.Check(request.Tags, out request.TagsByKey)
            ?? (request.DataProtection.Length == 0 ? null : DataProtection.Check(request.DataProtection));
        if (refused is not null)
            return refused;
        request.Arn = SnsArns.Of(call, key);
        for (int tries = 0; tries < AwsLimits.EditTriesMax; tries++)
        {
            Result<TopicDescription> found = await call.Broker.Topics.GetAsync(key, call.Http.RequestAborted);
            if (found.IsOk)
                return Compare(request, found.Value);
            AwsError? created = await CreateAsync(call, request, key);
            if (created != Contended)
                return created;
        }
        return Contended;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("TopicArn"u8, XmlText.Legal(request.Arn));

    // Contended where somebody else was faster.
    private static async ValueTask<AwsError?> CreateAsync(Call call, Request request, TopicKey key)
    {
        var draft = new TopicDraft(new TopicDefinition { RetentionSeconds = 0, Tags = request.TagsByKey }, isNew: true);
        if (TopicAttributes.Set(draft, request.Attributes) is { } wrong)
            return SnsRefusals.Invalid("Attributes", wrong);
        if (draft.IsFifo != TopicNames.IsFifo(request.Name))
            return SnsRefusals.Invalid("Topic Name");
        Result<PutTopicResult> created = await call.Broker.Topics.PutAsync(key, draft.Definition, new Precondition { MustNotExist = true }, CancellationToken.None);
        if (!created.IsOk)
            return created.Error.Code == ErrorCode.PreconditionFailed ? Contended : SnsRefusals.Of(created.Error);
        return request.DataProtection.Length == 0 ? null : await DataProtection.PutAsync(call, created.Value.Topic, request.DataProtection);
    }

    // Null where the topic has each of the attributes and tags that are asked for.
    private static AwsError? Compare(Request request, TopicDescription topic)
    {
        var draft = new TopicDraft(topic.Definition, isNew: false);
        if (TopicAttributes.Set(draft, request.Attributes) is not null)
            return OtherAttributes;
        var now = new TopicView(topic, request.Arn, default);
        var wanted = new TopicView(topic with { Definition = draft.Definition }, request.Arn, default);
        foreach (string name in request.Attributes.Keys)
        {
            if (TopicAttributes.TryGet(name, out TopicAttribute? attribute) && TopicAttributes.Read(attribute, now) != TopicAttributes.Read(attribute, wanted))
                return OtherAttributes;
        }
        foreach ((string key, string value) in request.TagsByKey)
        {
            if (topic.Definition.Tags.GetValueOrDefault(key) != value)
                return OtherTags;
        }
        return null;
    }

    internal sealed class Request
    {
        public string Name = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
        public readonly List<KeyValuePair<string, string>> Tags = [];
        public Dictionary<string, string> TagsByKey = [];
        public string DataProtection = "";
        public string Arn = "";
    }
}
