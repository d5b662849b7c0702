using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/producers/{producer}/transactions/{transaction}/commit and /abort: ends the transaction in all its partitions at once, and answers what the producer publishes as from then on. Asked again,
/// it answers again.
/// </summary>
internal sealed class EndTransaction(Front front, bool isCommit)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        ProducerIdentity producer = default;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName _)
            ?? ProducerPath.Read(context, out producer)
            ?? QueryFields.Check(context.Request)
            ?? await EmptyObject.ReadAsync(context, front);
        if (refused is not null)
            return refused;
        Result<ProducerIdentity> ended = await broker.Transactions.EndAsync(CallAccount.Of(context), producer, isCommit, CancellationToken.None);
        if (!ended.IsOk)
            return Problem.Of(ended.Error);
        using var answer = BufferedAnswer.Rent();
        ProducerWriter.Write(answer.Writer, ended.Value);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
