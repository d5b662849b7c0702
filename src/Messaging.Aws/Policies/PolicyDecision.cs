namespace Messaging.Aws.Policies;

/// <summary>What a policy says of a request.</summary>
internal enum PolicyDecision
{
    /// <summary>Nothing: no statement is about it.</summary>
    NoMatch,

    /// <summary>A statement allows it and none denies it.</summary>
    Allow,

    /// <summary>A statement denies it, whatever others allow.</summary>
    ExplicitDeny,
}
