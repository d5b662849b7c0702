using Messaging.Broker;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>The query string by the same rule as bodies: what is unknown or there twice is refused, not ignored.</summary>
internal static class QueryFields
{
    public static Problem? Check(HttpRequest request, params ReadOnlySpan<string> known)
    {
        if (!request.QueryString.HasValue)
            return null;
        foreach ((string name, StringValues values) in request.Query)
        {
            if (!known.Contains(name))
                return Problem.Of(FrontCode.UnknownField, Describe(known), Cut(name));
            if (values.Count > 1)
                return Problem.Of(FrontCode.DuplicateField, "The query parameter may stand there only once.", name);
        }
        return null;
    }

    public static Problem? Integer(HttpRequest request, string name, int min, int max, ref int value)
    {
        if (!request.Query.TryGetValue(name, out StringValues values))
            return null;
        return int.TryParse(values[0], out value) && value >= min && value <= max
            ? null
            : Problem.Of(ErrorCode.InvalidValue, $"Must be a whole number from {min} to {max}.", name);
    }

    public static Problem? Boolean(HttpRequest request, string name, ref bool value)
    {
        if (!request.Query.TryGetValue(name, out StringValues values))
            return null;
        value = values == "true";
        return value || values == "false" ? null : Problem.Of(ErrorCode.InvalidValue, "Must be true or false.", name);
    }

    private static string Describe(ReadOnlySpan<string> known) =>
        known.IsEmpty ? "The call has no query parameters." : $"Known query parameters: {string.Join(", ", known)}.";

    private static string Cut(string name) =>
        name.Length <= RestLimits.EchoCharactersMax ? name : name[..RestLimits.EchoCharactersMax] + "...";
}
