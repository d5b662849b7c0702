using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Topics;

namespace Messaging.Grpc.Transactions;

/// <summary>Producers and their transactions, and transactions of one call, as transaction_service.proto says. One for the process, thread-safe.</summary>
internal sealed class TransactionService(Front front) : V1.TransactionService.TransactionServiceBase
{
    public override async Task<V1.InitProducerResponse> InitProducer(V1.InitProducerRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        int seconds = request.HasTransactionTimeoutSeconds
            ? Pages.Range(request.TransactionTimeoutSeconds, 1, ProducerLimits.TransactionTimeoutSecondsMax, "transactionTimeoutSeconds")
            : ProducerLimits.TransactionTimeoutSecondsDefault;
        ProducerIdentity producer = (await call.Broker.Transactions.InitProducerAsync(ReadKey(call, request.TransactionalId), seconds, CancellationToken.None)).OrRefuse();
        return new V1.InitProducerResponse { Producer = ProducerWords.Of(producer) };
    }

    public override async Task<V1.BeginTransactionResponse> BeginTransaction(V1.BeginTransactionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        V1.Producer wire = request.Producer ?? throw Refusal.Missing("producer", "The call has the id and the epoch of a producer.");
        var producer = new ProducerIdentity(wire.Id, ProducerWords.ReadEpoch(wire.Epoch));
        DateTimeOffset expires = (await call.Broker.Transactions.BeginAsync(call.Account, producer, CancellationToken.None)).OrRefuse();
        return new V1.BeginTransactionResponse { Transaction = ProducerWords.NameOf(producer.Epoch), ExpiresAt = Times.Of(expires) };
    }

    public override async Task<V1.CommitTransactionResponse> CommitTransaction(V1.CommitTransactionRequest request, ServerCallContext context) =>
        new() { Producer = await EndAsync(request.ProducerId, request.Transaction, isCommit: true, context) };

    public override async Task<V1.AbortTransactionResponse> AbortTransaction(V1.AbortTransactionRequest request, ServerCallContext context) =>
        new() { Producer = await EndAsync(request.ProducerId, request.Transaction, isCommit: false, context) };

    // Without the call's token: the request's memory is lent until the broker has answered.
    public override async Task<V1.RunTransactionResponse> RunTransaction(V1.RunTransactionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context, takesKey: true);
        TransactionOperation[] operations = TransactionReader.Read(call, request.Operations);
        TransactionResult[] done = (await call.Broker.Transactions.RunAsync(operations, Fingerprint.Of(call.Key, context.Method, request), CancellationToken.None))
            .OrRefuse(RequestFields.OfMaps);
        return new V1.RunTransactionResponse { Results = { done.Select(Of) } };
    }

    private async ValueTask<V1.Producer> EndAsync(long id, string transaction, bool isCommit, ServerCallContext context)
    {
        Call call = front.Open(context);
        if (!ProducerWords.TryReadName(transaction, out short epoch))
            throw Refusal.Of(new BrokerError(ErrorCode.TransactionNotOpen, "A transaction is named as the call that began it has answered.", "transaction"));
        return ProducerWords.Of((await call.Broker.Transactions.EndAsync(call.Account, new ProducerIdentity(id, epoch), isCommit, CancellationToken.None)).OrRefuse(RequestFields.OfTransactionEnd));
    }

    // Null: an id of its own, for no transactions.
    private static ProducerKey? ReadKey(Call call, string text)
    {
        if (text.Length == 0)
            return null;
        return TransactionalId.TryParse(text, out TransactionalId id)
            ? new ProducerKey(call.Account, call.Space, id)
            : throw Refusal.Invalid("transactionalId", $"Must be {Names.Rule}.");
    }

    private static V1.TransactionResult Of(TransactionResult done)
    {
        var result = new V1.TransactionResult();
        foreach (SendOutcome sent in done.Sent ?? [])
            result.Messages.Add(MessageWriter.Of(in sent, error: null));
        foreach (PublishOutcome published in done.Published ?? [])
            result.Records.Add(RecordWriter.Of(in published, error: null));
        return result;
    }
}
