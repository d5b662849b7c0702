using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>The query parameter by which a reader chooses how bodies are shown.</summary>
internal static class EncodingParameter
{
    public const string Name = "encoding";

    /// <summary>Of a query whose names are checked.</summary>
    public static Problem? Read(HttpRequest request, ref BodyEncoding encoding)
    {
        if (!request.QueryString.HasValue || !request.Query.TryGetValue(Name, out StringValues values))
            return null;
        (bool known, encoding) = values[0] switch
        {
            "auto" => (true, BodyEncoding.Auto),
            "text" => (true, BodyEncoding.Text),
            "base64" => (true, BodyEncoding.Base64),
            _ => (false, BodyEncoding.Auto),
        };
        return known ? null : Problem.Invalid(Name, "Must be auto, text or base64.");
    }
}
