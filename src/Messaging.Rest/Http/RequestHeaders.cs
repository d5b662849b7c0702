using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>The headers that mean the same on every call.</summary>
internal static class RequestHeaders
{
    public const string Namespace = "Messaging-Namespace";
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Headers that promise something which the operation does not keep, or not yet: refused, since a guard that is ignored is worse than none.</summary>
    public static Problem? RefuseLater(HttpRequest request, bool takesPreconditions, bool takesIdempotencyKey)
    {
        IHeaderDictionary headers = request.Headers;
        // A browser that has seen an ETag asks with If-None-Match, and is answered in full.
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        string? name = !takesIdempotencyKey && headers.ContainsKey(IdempotencyKey) ? IdempotencyKey
            : takesPreconditions ? null
            : headers.IfMatch.Count > 0 ? Preconditions.IfMatch
            : headers.IfNoneMatch.Count > 0 && !isRead ? Preconditions.IfNoneMatch
            : null;
        return name is null ? null : Problem.NotSupported($"The header {name} is not supported yet.", name);
    }

    public static Problem? ReadNamespace(IHeaderDictionary headers, out NamespaceName space)
    {
        space = NamespaceName.Default;
        if (!headers.TryGetValue(Namespace, out StringValues values))
            return null;
        return values.Count == 1 && NamespaceName.TryParse(values[0], out space)
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A namespace is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", Namespace);
    }
}
