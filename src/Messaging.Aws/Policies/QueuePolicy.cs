namespace Messaging.Aws.Policies;

/// <summary>
/// A queue's policy, read once and then asked by every call. Immutable. Hot path: without variables in its texts and unusual keys in its conditions
/// it allocates nothing.
/// </summary>
internal sealed class QueuePolicy
{
    private readonly PolicyStatement[] _statements;

    internal QueuePolicy(PolicyStatement[] statements) => _statements = statements;

    public IReadOnlyList<PolicyStatement> Statements => _statements;

    /// <summary>Null with the policy, or why the text is none, for a log or a test: clients are only told that it is invalid.</summary>
    public static string? Parse(string text, out QueuePolicy? policy) => new PolicyReader().Read(text, out policy);

    /// <summary>What it says of the request: one statement that denies is stronger than all that allow.</summary>
    public PolicyDecision Evaluate(in PolicyRequest request)
    {
        uint action = SqsActions.Of(request.Action);
        PolicyDecision decision = PolicyDecision.NoMatch;
        foreach (PolicyStatement statement in _statements)
        {
            // Who is allowed already can only be denied.
            if ((decision == PolicyDecision.Allow && !statement.IsDeny) || !statement.Matches(request, action))
                continue;
            if (statement.IsDeny)
                return PolicyDecision.ExplicitDeny;
            decision = PolicyDecision.Allow;
        }
        return decision;
    }
}
