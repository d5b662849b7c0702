using System.Globalization;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>A query parameter that is an offset, or a word for one of the partition's ends.</summary>
internal static class OffsetParameter
{
    private const string Earliest = "earliest", Latest = "latest";

    public static Problem? Read(HttpRequest request, string name, bool takesEarliest, ref long offset)
    {
        if (!request.Query.TryGetValue(name, out StringValues values))
            return null;
        if (long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out offset))
            return null;
        if (TryReadEnd(values[0], out offset) && (takesEarliest || offset != FetchRequest.Earliest))
            return null;
        return Problem.Invalid(name, takesEarliest ? $"Must be an offset, {Earliest} or {Latest}." : $"Must be an offset or {Latest}.");
    }

    /// <summary>The words by which every call names a partition's ends.</summary>
    public static bool TryReadEnd(string? word, out long offset)
    {
        (bool known, offset) = word switch
        {
            Earliest => (true, FetchRequest.Earliest),
            Latest => (true, FetchRequest.Latest),
            _ => (false, 0),
        };
        return known;
    }
}
