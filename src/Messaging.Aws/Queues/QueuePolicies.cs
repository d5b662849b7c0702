using Messaging.Aws.Errors;

namespace Messaging.Aws.Queues;

/// <summary>The attributes that are policies, and the one of access.</summary>
internal static class QueuePolicies
{
    public const string Access = "Policy";
    public const string Redrive = "RedrivePolicy";
    public const string RedriveAllow = "RedriveAllowPolicy";

    public static AwsError? SetAccess(DefinitionDraft draft, string value)
    {
        draft.Annotate(Access, value);
        return null;
    }
}
