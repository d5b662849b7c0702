using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>The body of an operation that defines something: a definition, or a patch of one.</summary>
internal static class DefinitionDocument
{
    public static async Task<Problem?> ReadAsync<TBox>(HttpContext context, Front front, TBox read, ObjectParser<TBox> parse, bool bodyIsOptional)
    {
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || (bodyIsOptional && body.Bytes.IsEmpty))
                return unread;
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, read, parse);
        }
    }
}
