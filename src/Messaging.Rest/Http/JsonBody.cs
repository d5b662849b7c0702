using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>A body of which nothing is kept but what a parser has copied out of it.</summary>
internal static class JsonBody
{
    public static async ValueTask<Problem?> ReadAsync<TTarget>(HttpContext context, Front front, string example, TTarget target, ObjectParser<TTarget> parse)
    {
        if (MediaTypes.CheckJson(context.Request, example) is { } refused)
            return refused;
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            if (unread is not null)
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, target, parse);
        }
    }
}
