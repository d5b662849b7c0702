using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>A body of which nothing is kept but what a parser has copied out of it.</summary>
internal static class JsonBody
{
    /// <summary>Of JSON by its media type.</summary>
    public static async ValueTask<Problem?> ReadAsync<TTarget>(
        HttpContext context, Front front, string example, TTarget target, ObjectParser<TTarget> parse, bool bodyIsOptional = false) =>
        MediaTypes.CheckJson(context.Request, example, bodyIsOptional) ?? await ReadAsync(context, front, target, parse, bodyIsOptional);

    /// <summary>The same where the media type was checked.</summary>
    public static async ValueTask<Problem?> ReadAsync<TTarget>(HttpContext context, Front front, TTarget target, ObjectParser<TTarget> parse, bool bodyIsOptional)
    {
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || (bodyIsOptional && body.Bytes.IsEmpty))
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, target, parse);
        }
    }
}
