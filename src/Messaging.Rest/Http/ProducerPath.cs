using System.Globalization;
using Messaging.Broker;
using Messaging.Broker.Producers;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>A producer and its transaction out of the path. What is no number names no producer, and no transaction.</summary>
internal static class ProducerPath
{
    public static Problem? Read(HttpContext context, out long id) =>
        long.TryParse((string)context.GetRouteValue("producer")!, NumberStyles.None, CultureInfo.InvariantCulture, out id)
            ? null
            : Problem.Of(ErrorCode.ProducerNotFound, "A producer is named by the number that it was given.", "producer");

    /// <summary>With the epoch that names the transaction.</summary>
    public static Problem? Read(HttpContext context, out ProducerIdentity producer)
    {
        producer = default;
        if (Read(context, out long id) is { } problem)
            return problem;
        if (!short.TryParse((string)context.GetRouteValue("transaction")!, NumberStyles.None, CultureInfo.InvariantCulture, out short epoch))
            return Problem.Of(ErrorCode.TransactionNotOpen, "A transaction is named as the call that began it has answered.", "transaction");
        producer = new ProducerIdentity(id, epoch);
        return null;
    }
}
