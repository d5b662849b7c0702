using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests;

/// <summary>What tests of topics ask of a server again and again.</summary>
internal static class TopicSteps
{
    public static TopicService.TopicServiceClient Topics(this GrpcServer server) => new(server.Channel);

    public static TransactionService.TransactionServiceClient Transactions(this GrpcServer server) => new(server.Channel);

    /// <summary>A new topic, and its name. It keeps records of any time, which tests give, unless its definition says otherwise.</summary>
    public static async Task<string> CreateTopicAsync(this GrpcServer server, TopicDefinition? definition = null)
    {
        string name = GrpcServer.NewName();
        definition ??= new TopicDefinition();
        if (definition.RetentionCase == TopicDefinition.RetentionOneofCase.None) definition.RetentionUnlimited = true;
        Assert.True((await server.Topics().PutTopicAsync(new PutTopicRequest { Topic = name, Definition = definition })).Created);
        return name;
    }

    public static Task<string> CreateTopicAsync(this GrpcServer server, int partitions) => server.CreateTopicAsync(new TopicDefinition { Partitions = partitions });

    /// <summary>Publishes texts to one partition, in one call.</summary>
    public static async Task PublishAsync(this GrpcServer server, string topic, int partition, params string[] bodies)
    {
        var request = new PublishRecordsRequest { Topic = topic, Partition = partition, Records = { bodies.Select(Text) } };
        Assert.All((await server.Topics().PublishRecordsAsync(request)).Results, static result => Assert.Null(result.Error));
    }

    public static OutgoingRecord Text(string body) => new() { Body = ByteString.CopyFromUtf8(body) };

    /// <summary>A record of a producer.</summary>
    public static OutgoingRecord Text(string body, int sequence, int partition = 0) => new() { Body = ByteString.CopyFromUtf8(body), Sequence = sequence, Partition = partition };

    /// <summary>The bodies of all that a partition has, as texts.</summary>
    public static async Task<string[]> BodiesAsync(this GrpcServer server, string topic, int partition = 0, Isolation isolation = Isolation.Unspecified)
    {
        var request = new FetchRecordsRequest { Topic = topic, Partition = partition, Isolation = isolation, Limit = 1_000, MaxBytes = 16 * 1024 * 1024 };
        return [.. (await server.Topics().FetchRecordsAsync(request)).Records.Select(static record => record.Body.ToStringUtf8())];
    }

    /// <summary>A new producer; with an id of its own for transactions, or without.</summary>
    public static async Task<RecordProducer> InitProducerAsync(this GrpcServer server, string transactionalId = "")
    {
        Producer producer = (await server.Transactions().InitProducerAsync(new InitProducerRequest { TransactionalId = transactionalId })).Producer;
        return new RecordProducer { Id = producer.Id, Epoch = producer.Epoch };
    }

    /// <summary>A new producer in a transaction that has begun.</summary>
    public static async Task<RecordProducer> BeginAsync(this GrpcServer server)
    {
        RecordProducer producer = await server.InitProducerAsync(GrpcServer.NewName());
        var request = new BeginTransactionRequest { Producer = new Producer { Id = producer.Id, Epoch = producer.Epoch } };
        producer.Transaction = (await server.Transactions().BeginTransactionAsync(request)).Transaction;
        return producer;
    }

    /// <summary>All that comes, to the end of the stream.</summary>
    public static async Task<List<T>> ToListAsync<T>(this IAsyncStreamReader<T> responses)
    {
        var read = new List<T>();
        while (await responses.MoveNext(CancellationToken.None)) read.Add(responses.Current);
        return read;
    }
}
