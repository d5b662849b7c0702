using Grpc.Core;
using Messaging.Grpc.Tests.Topics;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Transactions;

/// <summary>Producers and their transactions of many calls.</summary>
public sealed class TransactionServiceTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private TransactionService.TransactionServiceClient Transactions => server.Transactions();

    [Fact]
    public async Task A_producer_without_a_transactional_id_has_an_id_of_its_own_and_no_transactions()
    {
        Producer first = (await Transactions.InitProducerAsync(new InitProducerRequest())).Producer;
        Producer second = (await Transactions.InitProducerAsync(new InitProducerRequest())).Producer;

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal((0, 0), (first.Epoch, second.Epoch));
        Assert.Equal((StatusCode.NotFound, "producerNotFound"), await RefusedAsync(Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = first })));
    }

    [Fact]
    public async Task The_next_instance_of_a_transactional_id_fences_its_elder_and_aborts_its_transaction()
    {
        string topic = await server.CreateTopicAsync();
        string id = GrpcServer.NewName();
        Producer elder = (await Transactions.InitProducerAsync(new InitProducerRequest { TransactionalId = id })).Producer;
        string transaction = (await Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = elder })).Transaction;
        await PublishAsync(topic, elder, transaction, "never");

        Producer younger = (await Transactions.InitProducerAsync(new InitProducerRequest { TransactionalId = id })).Producer;

        Assert.Equal(elder.Id, younger.Id);
        Assert.True(younger.Epoch > elder.Epoch);
        Assert.Equal((StatusCode.FailedPrecondition, "producerFenced"), await RefusedAsync(Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = elder })));
        Assert.Equal(
            (StatusCode.FailedPrecondition, "producerFenced", "transaction"),
            (await Refused.ByAsync(Transactions.CommitTransactionAsync(new CommitTransactionRequest { ProducerId = elder.Id, Transaction = transaction }))).Told);
        await server.PublishAsync(topic, 0, "always");
        Assert.Equal(["always"], await server.BodiesAsync(topic, isolation: Isolation.ReadCommitted));
    }

    [Fact]
    public async Task A_transaction_is_committed_and_asked_again_it_is_answered_alike()
    {
        string topic = await server.CreateTopicAsync();
        Producer producer = (await Transactions.InitProducerAsync(new InitProducerRequest { TransactionalId = GrpcServer.NewName(), TransactionTimeoutSeconds = 900 })).Producer;
        BeginTransactionResponse begun = await Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = producer });
        Assert.Equal((StatusCode.FailedPrecondition, "transactionOpen"), await RefusedAsync(Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = producer })));
        await PublishAsync(topic, producer, begun.Transaction, "a");
        var commit = new CommitTransactionRequest { ProducerId = producer.Id, Transaction = begun.Transaction };

        Producer next = (await Transactions.CommitTransactionAsync(commit)).Producer;

        Assert.Equal((producer.Id, producer.Epoch + 1), (next.Id, next.Epoch));
        Assert.InRange((begun.ExpiresAt.ToDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalSeconds, 600, 900);
        Assert.Equal(next, (await Transactions.CommitTransactionAsync(commit)).Producer);
        Assert.Equal((StatusCode.FailedPrecondition, "transactionNotOpen"), await RefusedAsync(Transactions.AbortTransactionAsync(new AbortTransactionRequest { ProducerId = producer.Id, Transaction = begun.Transaction })));
        Assert.Equal(["a"], await server.BodiesAsync(topic, isolation: Isolation.ReadCommitted));
        await Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = next });
    }

    [Fact]
    public async Task A_transaction_that_is_aborted_is_never_seen_by_who_reads_committed_records()
    {
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.BeginAsync();
        await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Producer = producer, Records = { TopicSteps.Text("never") } });
        var abort = new AbortTransactionRequest { ProducerId = producer.Id, Transaction = producer.Transaction };

        Producer next = (await Transactions.AbortTransactionAsync(abort)).Producer;

        Assert.Equal(producer.Epoch + 1, next.Epoch);
        Assert.Equal(next, (await Transactions.AbortTransactionAsync(abort)).Producer);
        Assert.Empty(await server.BodiesAsync(topic, isolation: Isolation.ReadCommitted));
        Assert.Equal(["never"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task What_can_t_be_is_refused_by_its_field()
    {
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "transactionalId"), (await Refused.ByAsync(Transactions.InitProducerAsync(new InitProducerRequest { TransactionalId = "\n" }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "transactionTimeoutSeconds"), (await Refused.ByAsync(Transactions.InitProducerAsync(new InitProducerRequest { TransactionTimeoutSeconds = 0 }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "transactionTimeoutSeconds"), (await Refused.ByAsync(Transactions.InitProducerAsync(new InitProducerRequest { TransactionTimeoutSeconds = 901 }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "producer"), (await Refused.ByAsync(Transactions.BeginTransactionAsync(new BeginTransactionRequest()))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "producer.epoch"), (await Refused.ByAsync(Transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = new Producer { Epoch = 32_768 } }))).Told);
        Assert.Equal((StatusCode.FailedPrecondition, "transactionNotOpen", "transaction"), (await Refused.ByAsync(Transactions.CommitTransactionAsync(new CommitTransactionRequest { Transaction = "x" }))).Told);
        Assert.Equal((StatusCode.NotFound, "producerNotFound"), await RefusedAsync(Transactions.AbortTransactionAsync(new AbortTransactionRequest { ProducerId = long.MaxValue, Transaction = "0" })));
    }

    private async Task PublishAsync(string topic, Producer producer, string transaction, string body) => await server.Topics().PublishRecordsAsync(new PublishRecordsRequest
    {
        Topic = topic, Producer = new RecordProducer { Id = producer.Id, Epoch = producer.Epoch, Transaction = transaction }, Records = { TopicSteps.Text(body) },
    });

    private static async Task<(StatusCode Status, string? Code)> RefusedAsync<T>(AsyncUnaryCall<T> call)
    {
        Refused refused = await Refused.ByAsync(call);
        return (refused.Status, refused.Code);
    }
}
