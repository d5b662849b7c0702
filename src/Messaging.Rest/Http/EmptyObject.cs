using System.Text.Json;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>The body of a call that says all by its path: it may be left out, or is an object without fields.</summary>
internal static class EmptyObject
{
    private const string Example = "{}";

    public static readonly FieldTable Fields = new([]);

    public static async ValueTask<Problem?> ReadAsync(HttpContext context, Front front)
    {
        if (MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true) is { } refused)
            return refused;
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || body.Bytes.IsEmpty)
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, Fields, Parse);
        }
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, FieldTable fields)
    {
        uint seen = 0;
        return fields.Next(ref reader, ref seen, out _);
    }
}
