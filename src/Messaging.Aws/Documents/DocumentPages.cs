using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Broker;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Documents;

/// <summary>Documents by pages, as the lists of SNS have them. Stateless.</summary>
internal static class DocumentPages
{
    /// <summary>A page after the one that the token was told with; <paramref name="parameter"/> is what the operation calls the token.</summary>
    public static async ValueTask<(AwsError? Refused, DocumentPage? Page)> ReadAsync(Call call, DocumentKey prefix, string token, string parameter, int size = SnsLimits.PageSize)
    {
        if (!DocumentToken.TryRead(token, out string? after))
            return (SnsRefusals.Invalid(parameter), null);
        Result<DocumentPage> page = await call.Broker.Documents.ListAsync(prefix, after, size, call.Http.RequestAborted);
        return page.IsOk ? (null, page.Value) : (SnsRefusals.Of(page.Error), null);
    }
}
