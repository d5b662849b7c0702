using System.Text.Json;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>The body of a call that says all by its path: it may be left out, or is an object without fields.</summary>
internal static class EmptyObject
{
    private const string Example = "{}";

    public static readonly FieldTable Fields = new([]);

    public static ValueTask<Problem?> ReadAsync(HttpContext context, Front front) => JsonBody.ReadAsync(context, front, Example, Fields, Parse, bodyIsOptional: true);

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, FieldTable fields)
    {
        uint seen = 0;
        return fields.Next(ref reader, ref seen, out _);
    }
}
