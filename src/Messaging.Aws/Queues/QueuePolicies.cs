using System.Runtime.CompilerServices;
using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>The attributes that are policies; and the one of access, which every call is held against, compiled once for each definition. Thread-safe. Hot path.</summary>
internal static class QueuePolicies
{
    public const string Access = "Policy";
    public const string Redrive = "RedrivePolicy";
    public const string RedriveAllow = "RedriveAllowPolicy";

    private static readonly ConditionalWeakTable<QueueDefinition, Compiled> Cache = [];

    /// <summary>Null where the queue has none. A text that is no policy, which this front never stores, allows nobody.</summary>
    public static AccessPolicy? Of(QueueDefinition definition)
    {
        if (DefinitionDraft.Annotation(definition, Access) is null)
            return null;
        return Cache.GetValue(definition, static one =>
        {
            AccessPolicy.Parse(PolicyActions.Sqs, DefinitionDraft.Annotation(one, Access)!, out AccessPolicy? policy);
            return new Compiled(policy);
        }).Policy;
    }

    public static AwsError? SetAccess(DefinitionDraft draft, string value)
    {
        if (value.Length > 0 && AccessPolicy.Parse(PolicyActions.Sqs, value, out _) is not null)
            return DefinitionDraft.Invalid(Access);
        draft.Annotate(Access, value);
        return null;
    }

    private sealed record Compiled(AccessPolicy? Policy);
}
