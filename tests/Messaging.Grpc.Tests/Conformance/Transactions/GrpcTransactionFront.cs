using System.Diagnostics;
using Grpc.Core;
using Messaging.Grpc.Tests.Conformance.Topics;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Transactions;

/// <summary>Producers and transactions over gRPC, by the generated client.</summary>
internal sealed class GrpcTransactionFront(CallInvoker connection) : ITransactionFront
{
    private TransactionService.TransactionServiceClient Calls => new(connection);

    public async Task<(string Outcome, FrontProducer? Producer)> InitProducerAsync(string? transactionalId)
    {
        (string outcome, InitProducerResponse? response) = await Calls.InitProducerAsync(new InitProducerRequest { TransactionalId = transactionalId ?? "" }).AskAsync();
        return (outcome, Of(response?.Producer));
    }

    public async Task<(string Outcome, FrontProducer? Producer)> BeginAsync(FrontProducer producer)
    {
        var request = new BeginTransactionRequest { Producer = new Producer { Id = producer.Id, Epoch = producer.Epoch } };
        (string outcome, BeginTransactionResponse? response) = await Calls.BeginTransactionAsync(request).AskAsync();
        return (outcome, response is null ? null : producer with { Transaction = response.Transaction });
    }

    public async Task<(string Outcome, FrontProducer? Producer)> EndAsync(FrontProducer producer, bool isCommit)
    {
        if (isCommit)
        {
            (string outcome, CommitTransactionResponse? committed) = await Calls.CommitTransactionAsync(new CommitTransactionRequest { ProducerId = producer.Id, Transaction = producer.Transaction }).AskAsync();
            return (outcome, Of(committed?.Producer));
        }

        (string refusal, AbortTransactionResponse? aborted) = await Calls.AbortTransactionAsync(new AbortTransactionRequest { ProducerId = producer.Id, Transaction = producer.Transaction }).AskAsync();
        return (refusal, Of(aborted?.Producer));
    }

    public Task<string> RunAsync(params FrontOperation[] operations) => Calls.RunTransactionAsync(new RunTransactionRequest { Operations = { operations.Select(Of) } }).OutcomeAsync();

    private static FrontProducer? Of(Producer? producer) => producer is null ? null : new FrontProducer(producer.Id, producer.Epoch);

    private static TransactionOperation Of(FrontOperation operation) => operation switch
    {
        FrontOperation.Acknowledge done => new() { Acknowledge = new TransactionAcknowledge { Queue = done.Queue, Receipts = { done.Receipt } } },
        FrontOperation.Send send => new() { Send = new TransactionSend { Queue = send.Queue, Messages = { GrpcServer.Text(send.Body) } } },
        FrontOperation.Publish publish => new()
        {
            Publish = new TransactionPublish { Topic = publish.Topic, Records = { Tests.TopicSteps.Text(publish.Body) } },
        },
        FrontOperation.Commit commit => new()
        {
            Commit = new TransactionCommit { Group = commit.Group, Offsets = { commit.Offsets.Select(offset => new OffsetEntry { Topic = commit.Topic, Partition = 0, Offset = offset }) } },
        },
        _ => throw new UnreachableException(),
    };
}
