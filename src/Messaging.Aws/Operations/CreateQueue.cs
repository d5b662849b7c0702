using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>CreateQueue: a new queue, or the URL of the one that is there as it is asked for.</summary>
internal sealed class CreateQueue() : Operation<CreateQueue.Request>(nameof(CreateQueue), Table)
{
    private const int QueueName = 0, Attributes = 1;

    private static readonly MemberTable Table = new(required: 1, "QueueName", "Attributes", "tags", "Tags");

    private static readonly AwsError Contended = new(AwsErrorCode.Throttled, "The queue is being created and deleted by many at once; try again.");

    private static readonly AwsError DeletedRecently = new(
        AwsErrorCode.QueueDeletedRecently, "You must wait 60 seconds after deleting a queue before you can create another with the same name.");

    private static readonly AwsError WrongName = Refusals.Invalid($"Can only include alphanumeric characters, hyphens, or underscores. 1 to {AwsLimits.QueueNameCharactersMax} in length");

    private static readonly AwsError WrongFifoName = Refusals.Invalid(
        $"The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with {QueueNames.FifoSuffix} suffix and be 1 to {AwsLimits.QueueNameCharactersMax} in length.");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueName)
            request.Name = Encoding.UTF8.GetString(members.Text().Span);
        else if (member == Attributes)
            TagRules.Read(ref members, request.Attributes);
        else
            TagRules.Read(ref members, request.Tags);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (!QueueNames.TryParse(request.Name, out QueueName name))
            return request.Attributes.ContainsKey("FifoQueue") ? WrongFifoName : WrongName;
        var key = new QueueKey(call.Account, call.Namespace, name);
        var draft = new DefinitionDraft(key, call.Region, new QueueDefinition { Tags = request.Tags }, isNew: true);
        AwsError? refused = call.Authorize(Name, key, null) ?? QueueAttributes.Set(draft, request.Attributes) ?? CheckType(draft, name)
            ?? TagRules.Check(request.Tags) ?? TagRules.CheckCount(request.Tags.Count, request.Name);
        if (refused is not null)
            return refused;
        request.Url = call.UrlOf(key);
        Result<QueueDescription> found = await call.Broker.Queues.GetAsync(key, call.Http.RequestAborted);
        if (found.IsOk)
            return Compare(call, request, found.Value);
        if (call.Front.CoolDowns.IsDeleted(key))
            return DeletedRecently;
        if (DeadLetterTarget.Check(call, key, null, draft.Definition) is { } denied)
            return denied;
        for (int tries = 1; ; tries++)
        {
            AwsError? created = await CreateAsync(call, request, key, draft.Definition);
            if (created != Contended || tries == AwsLimits.EditTriesMax)
                return created;
        }
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("QueueUrl"u8, Encoding.UTF8.GetBytes(request.Url));

    // Without the suffix a queue is a standard one, with it a FIFO one, and says so.
    private static AwsError? CheckType(DefinitionDraft draft, QueueName name) =>
        draft.IsFifo == QueueNames.IsFifo(name.Value) ? null : draft.IsFifo ? WrongFifoName : WrongName;

    private static async ValueTask<AwsError?> CreateAsync(Call call, Request request, QueueKey key, QueueDefinition definition)
    {
        Result<PutQueueResult> created = await call.Broker.Queues.PutAsync(key, definition, new Precondition { MustNotExist = true }, CancellationToken.None);
        if (created.IsOk)
            return null;
        if (created.Error.Code == ErrorCode.DeadLetterInvalid)
            return DeadLetterTarget.Refused(call, key, definition, created.Error);
        if (created.Error.Code != ErrorCode.PreconditionFailed)
            return BrokerErrors.Of(created.Error);
        // Somebody else was faster, and may have deleted it since.
        Result<QueueDescription> found = await call.Broker.Queues.GetAsync(key, call.Http.RequestAborted);
        return found.IsOk ? Compare(call, request, found.Value)
            : found.Error.Code == ErrorCode.QueueNotFound ? Contended
            : BrokerErrors.Of(found.Error);
    }

    /// <summary>Null where the queue has each of the attributes that are asked for.</summary>
    private static AwsError? Compare(Call call, Request request, QueueDescription queue)
    {
        var draft = new DefinitionDraft(queue.Key, call.Region, queue.Definition, isNew: false);
        if (QueueAttributes.Set(draft, request.Attributes) is { Code: AwsErrorCode.InvalidAttributeName or AwsErrorCode.InvalidAttributeValue } other)
            return other.Code == AwsErrorCode.InvalidAttributeValue ? Exists("FifoQueue") : other;
        var now = new QueueView(queue, call.Region);
        var wanted = new QueueView(queue with { Definition = draft.Definition }, call.Region);
        foreach (string name in request.Attributes.Keys)
        {
            QueueAttributes.TryGet(name, out QueueAttribute? attribute);
            if (QueueAttributes.Read(attribute!, now) != QueueAttributes.Read(attribute!, wanted))
                return Exists(name);
        }
        return null;
    }

    private static AwsError Exists(string attribute) =>
        new(AwsErrorCode.QueueNameExists, $"A queue already exists with the same name and a different value for attribute {attribute}");

    internal sealed class Request
    {
        public string Name = "";
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
        public readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal);
        public string Url = "";
    }
}
