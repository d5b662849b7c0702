using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Subscriptions;

/// <summary>Which messages a subscription gets. Immutable, compared by content.</summary>
/// <param name="Scope">What it looks at.</param>
/// <param name="PolicyJson">The policy (docs/filters.md): the text of a JSON object, as the client has written it.</param>
public sealed record SubscriptionFilter(FilterScope Scope, string PolicyJson)
{
    private const string PolicyField = "filter.policy";

    // Once for the check, inside the sequencer and in the fold: it may be large.
    private FilterPolicy? _policy;

    /// <summary>The first rule that the filter breaks, or null.</summary>
    public BrokerError? Validate()
    {
        if (Scope is not (FilterScope.Attributes or FilterScope.Body)) return new BrokerError(ErrorCode.InvalidValue, "scope is attributes or body.", "filter.scope");
        Result<FilterPolicy> policy = Compile();
        return policy.IsOk ? null : policy.Error;
    }

    /// <summary>As it is matched, or why it can't be. Under the limits of the native API, which are the widest of all fronts.</summary>
    internal Result<FilterPolicy> Compile()
    {
        if (_policy is { } known) return known;
        // A character has at least one byte: what is too long need not be encoded. Half a surrogate pair has no UTF-8, and becomes what no policy says.
        if (PolicyJson.Length > FilterLimits.Native.BytesMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"A filter's policy has at most {FilterLimits.Native.BytesMax} bytes.", PolicyField);
        }

        Result<FilterPolicy> policy = FilterPolicy.Parse(Encoding.UTF8.GetBytes(PolicyJson), Scope, FilterLimits.Native, PolicyField);
        _policy = policy.IsOk ? policy.Value : null;
        return policy;
    }

    /// <summary>By scope and text.</summary>
    public bool Equals(SubscriptionFilter? other) => other is not null && Scope == other.Scope && PolicyJson == other.PolicyJson;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scope, PolicyJson);
}
