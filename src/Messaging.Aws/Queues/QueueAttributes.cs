using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>
/// All attributes of queues (API Reference, CreateQueue, SetQueueAttributes, GetQueueAttributes). What is set reads back as it was set, so that tools see no drift. Policies are checked in <see cref="QueuePolicies"/>. Pure.
/// </summary>
internal static class QueueAttributes
{
    private const string PerQueue = "perQueue";
    private const string PerGroup = "perMessageGroupId";
    private const string ScopeQueue = "queue";
    private const string ScopeGroup = "messageGroup";
    private const string KmsKey = "KmsMasterKeyId";
    private const string KmsReuse = "KmsDataKeyReusePeriodSeconds";
    private const string KmsReuseDefault = "300";
    private const string ManagedSse = "SqsManagedSseEnabled";
    private const string ThroughputLimit = "FifoThroughputLimit";
    private const string ContentBased = "ContentBasedDeduplication";

    private static readonly AwsError TwoEncryptions = new(
        AwsErrorCode.InvalidAttributeName, "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.");

    /// <summary>In the order in which they are set: what others depend on comes first.</summary>
    public static readonly IReadOnlyList<QueueAttribute> All =
    [
        new("FifoQueue", static view => view.IsFifo ? "true" : null, SetFifo),
        Number("VisibilityTimeout", 0, AwsLimits.VisibilitySecondsMax, static one => one.LeaseSeconds, static (one, value) => one with { LeaseSeconds = value }),
        Number("DelaySeconds", 0, AwsLimits.DelaySecondsMax, static one => one.DelaySeconds, static (one, value) => one with { DelaySeconds = value }),
        Number("MessageRetentionPeriod", AwsLimits.RetentionSecondsMin, AwsLimits.RetentionSecondsMax, static one => one.RetentionSeconds, static (one, value) => one with { RetentionSeconds = value }),
        Number("MaximumMessageSize", AwsLimits.MessageBytesMin, AwsLimits.MessageBytesMax, static one => one.MaxMessageBytes, static (one, value) => one with { MaxMessageBytes = value }),
        Number("ReceiveMessageWaitTimeSeconds", 0, AwsLimits.WaitSecondsMax, static one => one.ReceiveWaitSeconds, static (one, value) => one with { ReceiveWaitSeconds = value }),
        new(ContentBased, static view => Text(view.Definition.Deduplication is { ContentBased: true }), SetContentBased) { IsOfFifo = true },
        new("DeduplicationScope", static view => view.Definition.Deduplication is { Scope: DeduplicationScope.Group } ? ScopeGroup : ScopeQueue, SetScope) { IsOfFifo = true },
        new(ThroughputLimit, static view => DefinitionDraft.Annotation(view.Definition, ThroughputLimit) ?? PerQueue, SetThroughputLimit) { IsOfFifo = true },
        new(KmsKey, static view => DefinitionDraft.Annotation(view.Definition, KmsKey), SetKmsKey),
        new(KmsReuse, ReadKmsReuse, SetKmsReuse),
        new(ManagedSse, ReadManagedSse, SetManagedSse),
        new(QueuePolicies.Redrive, RedrivePolicy.Read, RedrivePolicy.Set),
        new(QueuePolicies.RedriveAllow, static view => DefinitionDraft.Annotation(view.Definition, QueuePolicies.RedriveAllow), RedriveAllowPolicy.Set),
        new(QueuePolicies.Access, static view => DefinitionDraft.Annotation(view.Definition, QueuePolicies.Access), QueuePolicies.SetAccess),
        new("QueueArn", static view => new QueueArn(view.Region, view.Queue.Key.Account, view.Queue.Key.Name).ToString()),
        new("ApproximateNumberOfMessages", static view => Text(view.Queue.Counts.Ready)),
        new("ApproximateNumberOfMessagesNotVisible", static view => Text(view.Queue.Counts.Leased)),
        new("ApproximateNumberOfMessagesDelayed", static view => Text(view.Queue.Counts.Delayed)),
        new("CreatedTimestamp", static view => Text(view.Queue.CreatedAt.ToUnixTimeSeconds())),
        new("LastModifiedTimestamp", static view => Text(view.Queue.ModifiedAt.ToUnixTimeSeconds())),
    ];

    private static readonly Dictionary<string, QueueAttribute> ByName = All.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out QueueAttribute? attribute) => ByName.TryGetValue(name, out attribute);

    /// <summary>What the queue has of it, or null.</summary>
    public static string? Read(QueueAttribute attribute, in QueueView view) => attribute.IsOfFifo && !view.IsFifo ? null : attribute.Read(view);

    public static AwsError Unknown(string name) => new(AwsErrorCode.InvalidAttributeName, $"Unknown Attribute {Refusals.Shown(name)}.");

    /// <summary>Sets what is given, all of it or nothing; the first thing that is wrong, or null.</summary>
    public static AwsError? Set(DefinitionDraft draft, IReadOnlyDictionary<string, string> values)
    {
        foreach (string name in values.Keys)
        {
            if (!ByName.TryGetValue(name, out QueueAttribute? known) || known.Set is null)
                return Unknown(name);
        }
        if (values.TryGetValue(KmsKey, out string? key) && key.Length > 0 && values.TryGetValue(ManagedSse, out string? managed) && managed.Equals("true", StringComparison.OrdinalIgnoreCase))
            return TwoEncryptions;
        foreach (QueueAttribute attribute in All)
        {
            if (!values.TryGetValue(attribute.Name, out string? value))
                continue;
            if (attribute.IsOfFifo && !draft.IsFifo)
                return NotOfStandard(attribute.Name);
            if (attribute.Set!(draft, value) is { } refused)
                return refused;
        }
        return CheckThroughput(draft);
    }

    private static AwsError NotOfStandard(string name) => name == ContentBased
        ? Unknown(name)
        : new AwsError(AwsErrorCode.InvalidAttributeName, $"You can specify the {name} only when FifoQueue is set to true.");

    private static QueueAttribute Number(string name, int min, int max, Func<QueueDefinition, int> read, Func<QueueDefinition, int, QueueDefinition> write) =>
        new(name, view => Text(read(view.Definition)), (draft, value) =>
        {
            if (DefinitionDraft.ReadNumber(name, value, min, max, out int number) is { } refused)
                return refused;
            draft.Definition = write(draft.Definition, number);
            return null;
        });

    private static string Text(bool flag) => flag ? "true" : "false";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A queue is a FIFO one from its beginning, or never.
    private static AwsError? SetFifo(DefinitionDraft draft, string value)
    {
        if (DefinitionDraft.ReadBoolean("FifoQueue", value, out bool isFifo) is { } refused)
            return refused;
        if (!draft.IsNew && !draft.IsFifo)
            return Unknown("FifoQueue");
        if (!draft.IsNew)
            return isFifo == draft.IsFifo ? null : DefinitionDraft.Invalid("FifoQueue", "Modifying queue type is not supported.");
        if (!isFifo)
            return Unknown("FifoQueue");
        draft.Definition = draft.Definition with { Type = QueueType.Fifo };
        return null;
    }

    private static AwsError? SetContentBased(DefinitionDraft draft, string value)
    {
        if (DefinitionDraft.ReadBoolean(ContentBased, value, out bool flag) is { } refused)
            return refused;
        draft.Deduplicate(one => one with { ContentBased = flag });
        return null;
    }

    private static AwsError? SetScope(DefinitionDraft draft, string value)
    {
        if (value is not (ScopeQueue or ScopeGroup))
            return DefinitionDraft.Invalid("DeduplicationScope");
        draft.Deduplicate(one => one with { Scope = value == ScopeGroup ? DeduplicationScope.Group : DeduplicationScope.Queue });
        return null;
    }

    // Nothing here is throttled; what a tool sets it reads.
    private static AwsError? SetThroughputLimit(DefinitionDraft draft, string value)
    {
        if (value is not (PerQueue or PerGroup))
            return DefinitionDraft.Invalid(ThroughputLimit);
        draft.Annotate(ThroughputLimit, value == PerQueue ? null : value);
        return null;
    }

    private static AwsError? CheckThroughput(DefinitionDraft draft) =>
        draft.IsFifo && DefinitionDraft.Annotation(draft.Definition, ThroughputLimit) == PerGroup && draft.Definition.Deduplication is not { Scope: DeduplicationScope.Group }
            ? DefinitionDraft.Invalid(ThroughputLimit, $"The {PerGroup} value is allowed only when the value for DeduplicationScope is {ScopeGroup}.")
            : null;

    // Names of keys are kept, not used: messages stand on this machine's disk.
    private static AwsError? SetKmsKey(DefinitionDraft draft, string value)
    {
        if (value.Length > AwsLimits.KmsKeyCharactersMax)
            return DefinitionDraft.Invalid(KmsKey);
        draft.Annotate(KmsKey, value);
        if (value.Length > 0)
            draft.Annotate(ManagedSse, null);
        return null;
    }

    private static string? ReadKmsReuse(QueueView view) =>
        DefinitionDraft.Annotation(view.Definition, KmsReuse) ?? (DefinitionDraft.Annotation(view.Definition, KmsKey) is null ? null : KmsReuseDefault);

    private static AwsError? SetKmsReuse(DefinitionDraft draft, string value)
    {
        if (DefinitionDraft.ReadNumber(KmsReuse, value, AwsLimits.KmsReuseSecondsMin, AwsLimits.KmsReuseSecondsMax, out int seconds) is { } refused)
            return refused;
        draft.Annotate(KmsReuse, Text(seconds));
        return null;
    }

    private static string ReadManagedSse(QueueView view) =>
        DefinitionDraft.Annotation(view.Definition, KmsKey) is not null ? "false" : DefinitionDraft.Annotation(view.Definition, ManagedSse) ?? "true";

    private static AwsError? SetManagedSse(DefinitionDraft draft, string value)
    {
        if (DefinitionDraft.ReadBoolean(ManagedSse, value, out bool flag) is { } refused)
            return refused;
        draft.Annotate(ManagedSse, flag ? null : "false");
        if (flag)
            draft.Annotate(KmsKey, null);
        return null;
    }
}
