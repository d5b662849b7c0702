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
        Result<DocumentPage> page = await call.Broker.Documents.ListAsync(prefix, size, token.Length == 0 ? null : token, call.Http.RequestAborted);
        if (page.IsOk)
            return (null, page.Value);
        return (page.Error.Field == "pageToken" ? SnsRefusals.Invalid(parameter) : SnsRefusals.Of(page.Error), null);
    }
}
