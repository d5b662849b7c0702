namespace Messaging.Broker.Filters;

/// <summary>
/// Why and where a filter policy was refused. <paramref name="Path"/> leads from the policy to the place, as in "store[0].numeric"; empty for the policy as a
/// whole. <paramref name="Reason"/> is the sentence that Amazon SNS gives behind "FilterPolicy: " where it is known to refuse the same (Event Ruler, which it
/// matches by, and answers of the service), without the position in the text.
/// </summary>
public sealed record FilterRefusal(FilterRefusalKind Kind, string Reason, string Path)
{
    /// <summary>The same for callers of the broker; <paramref name="field"/> is the policy's place in their request.</summary>
    public BrokerError ToError(string field)
    {
        string place = Path.Length == 0 ? field : $"{field}.{Path}";
        return new BrokerError(ErrorCode.InvalidValue, $"{place}: {Reason}", place);
    }
}
