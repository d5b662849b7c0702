using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/producers: a producer id and epoch to publish as; of a transactional id, whose elder instances are fenced.</summary>
internal sealed class InitProducer(Front front)
{
    private const string Example = """{"transactionalId":"billing-1"}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        // Without a body: an id of its own, for no transactions.
        var read = new InitProducerParser.Box();
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, read, InitProducerParser.Read, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        ProducerKey? key = read.TransactionalId is { } id ? new ProducerKey(CallAccount.Of(context), space, id) : null;
        Result<ProducerIdentity> producer = await broker.Transactions.InitProducerAsync(key, read.TimeoutSeconds, CancellationToken.None);
        if (!producer.IsOk)
            return Problem.Of(producer.Error);
        using var answer = BufferedAnswer.Rent();
        ProducerWriter.Write(answer.Writer, producer.Value);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
