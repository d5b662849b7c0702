namespace Messaging.Broker.Filters;

/// <summary>
/// Why and where a filter policy was refused. <paramref name="Path"/> leads from the policy to the place, as in "store[0].numeric"; empty for the policy as a
/// whole. <paramref name="Reason"/> is the sentence that Amazon SNS gives behind "FilterPolicy: " where it is known to refuse the same (Event Ruler, which it
/// matches by, and answers of the service), without the position in the text.
/// </summary>
public sealed record FilterRefusal(FilterRefusalKind Kind, string Reason, string Path)
{
    /// <summary>What is no policy, right here.</summary>
    internal static FilterRefusal Malformed(string reason) => new(FilterRefusalKind.Malformed, reason, "");

    /// <summary>What is too large, right here.</summary>
    internal static FilterRefusal Excess(string reason) => new(FilterRefusalKind.LimitExceeded, reason, "");

    /// <summary>
    /// The same, seen from further out. Paths grow while a refusal comes back, so that reading costs none: a name may be as long as a policy, and be that of
    /// thousands of values.
    /// </summary>
    internal FilterRefusal Within(string outer) => this with { Path = Path.Length == 0 ? outer : Path[0] == '[' ? outer + Path : $"{outer}.{Path}" };

    /// <summary>The same for callers of the broker; <paramref name="field"/> is the policy's place in their request.</summary>
    public BrokerError ToError(string field)
    {
        string place = Path.Length == 0 ? field : $"{field}.{Path}";
        return new BrokerError(ErrorCode.InvalidValue, $"{place}: {Reason}", place);
    }
}
