namespace Messaging.Broker.Filters;

/// <summary>Why a filter policy was refused, as far as fronts tell it apart.</summary>
public enum FilterRefusalKind
{
    /// <summary>It is no JSON, or says what no policy may say.</summary>
    Malformed,

    /// <summary>It nests keys, and looks at attributes, which don't nest.</summary>
    NestedInAttributes,

    /// <summary>It is a policy, and larger than <see cref="FilterLimits"/> allow.</summary>
    LimitExceeded,
}
