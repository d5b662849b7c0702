namespace Messaging.Aws.Policies;

/// <summary>
/// The policy of a queue or of a topic, read once and then asked by every call. Immutable. Hot path: without variables in its texts and unusual keys in its conditions
/// it allocates nothing.
/// </summary>
internal sealed class AccessPolicy
{
    private readonly PolicyActions _actions;
    private readonly PolicyStatement[] _statements;

    internal AccessPolicy(PolicyActions actions, PolicyStatement[] statements) => (_actions, _statements) = (actions, statements);

    public IReadOnlyList<PolicyStatement> Statements => _statements;

    /// <summary>Null with the policy, or why the text is none, for a log or a test: clients are only told that it is invalid.</summary>
    public static string? Parse(PolicyActions actions, string text, out AccessPolicy? policy) => new PolicyReader(actions).Read(text, out policy);

    /// <summary>What it says of the request: one statement that denies is stronger than all that allow.</summary>
    public PolicyDecision Evaluate(in PolicyRequest request)
    {
        uint action = _actions.Of(request.Action);
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
