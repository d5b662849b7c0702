namespace Messaging.Broker;

/// <summary>
/// How many entries a list of a call may have: at least one, and no more than its bound. A front that counts while it reads refuses by the same words as the broker does. <c>field</c> is the list's place in the request. Pure.
/// </summary>
public static class EntryCount
{
    /// <summary>Null where the list has neither none nor too many.</summary>
    public static BrokerError? Check(int count, string field, int max = BrokerLimits.CallEntriesMax)
    {
        if (count == 0) return Empty(field);
        return count <= max ? null : TooMany(field, max);
    }

    /// <summary>The refusal of a list without entries.</summary>
    public static BrokerError Empty(string field) => new(ErrorCode.BatchEmpty, "One call carries at least one entry.", field);

    /// <summary>The refusal of a list with more entries than <paramref name="max"/>.</summary>
    public static BrokerError TooMany(string field, int max = BrokerLimits.CallEntriesMax) => new(ErrorCode.BatchTooLarge, $"One call carries at most {max} entries.", field);
}
