namespace Messaging.Aws.Policies;

/// <summary>One statement of a policy. Immutable; hot path.</summary>
internal sealed record PolicyStatement
{
    public required string? Sid { get; init; }

    public required bool IsDeny { get; init; }

    public required PrincipalSet Principals { get; init; }

    /// <summary>It is about everybody else.</summary>
    public required bool IsNotPrincipal { get; init; }

    /// <summary>As bits of <see cref="PolicyActions"/>.</summary>
    public required uint Actions { get; init; }

    public required TextPattern[] Resources { get; init; }

    /// <summary>It is about everything else.</summary>
    public required bool IsNotResource { get; init; }

    /// <summary>All of them must hold.</summary>
    public required PolicyCondition[] Conditions { get; init; }

    public bool Matches(in PolicyRequest request, uint action) =>
        (Actions & action) != 0
        && Principals.Contains(request) != IsNotPrincipal
        && NamesResource(request) != IsNotResource
        && Holds(request);

    private bool NamesResource(in PolicyRequest request)
    {
        foreach (TextPattern resource in Resources)
        {
            if (resource.Matches(request.Resource, request))
                return true;
        }
        return false;
    }

    private bool Holds(in PolicyRequest request)
    {
        foreach (PolicyCondition condition in Conditions)
        {
            if (!condition.Holds(request))
                return false;
        }
        return true;
    }
}
