using System.Collections.Frozen;
using System.Text.Json;

namespace Messaging.Broker;

/// <summary>What all fronts tell of a refusal in the same way: the word by which clients know it, and when it is worth trying again.</summary>
public static class ErrorCodes
{
    /// <summary>What passes by itself within a second, such as a full window of commits.</summary>
    private const int Soon = 1;

    /// <summary>The catalog in Postgres is looked for every two seconds.</summary>
    private const int CatalogSoon = 3;

    /// <summary>What passes when someone or something has cleaned up.</summary>
    private const int Later = 10;

    private static readonly FrozenDictionary<ErrorCode, string> Words =
        Enum.GetValues<ErrorCode>().ToFrozenDictionary(static code => code, static code => JsonNamingPolicy.CamelCase.ConvertName(code.ToString()));

    /// <summary>The code as clients know it, such as "queueNotFound": a promise to them, it is never renamed.</summary>
    public static string Word(this ErrorCode code) => Words[code];

    /// <summary>After so many seconds the same call may succeed; 0: nothing is said.</summary>
    public static int RetryAfterSeconds(this ErrorCode code) => code switch
    {
        ErrorCode.TooManyLeased
            or ErrorCode.QueueFull
            or ErrorCode.TooManyWaiting
            or ErrorCode.Overloaded
            or ErrorCode.Stopping => Soon,
        ErrorCode.CatalogUnavailable => CatalogSoon,
        ErrorCode.TooManySubscriptions
            or ErrorCode.TooManyProducers
            or ErrorCode.TooManyPartitions
            or ErrorCode.TooManyQueues
            or ErrorCode.TooManyIdempotencyKeys
            or ErrorCode.TooManyDeduplicationIds
            or ErrorCode.TooManyGroups
            or ErrorCode.TooManyMembers
            or ErrorCode.DiskFull => Later,
        _ => 0,
    };
}
