using Google.Protobuf;
using Messaging.V1;

namespace Messaging.Grpc.Tests;

/// <summary>Topics and records for the tests of what reads them.</summary>
internal static class TopicSteps
{
    public static TopicService.TopicServiceClient TopicCalls(this GrpcServer server) => new(server.Channel);

    /// <summary>A new topic, and its name.</summary>
    public static async Task<string> CreateTopicAsync(this GrpcServer server, int partitions = 1, TopicDefinition? definition = null)
    {
        string name = GrpcServer.NewName();
        definition ??= new TopicDefinition { Partitions = partitions };
        Assert.True((await server.TopicCalls().PutTopicAsync(new PutTopicRequest { Topic = name, Definition = definition })).Created);
        return name;
    }

    /// <summary>Publishes texts to one partition, in one call.</summary>
    public static async Task PublishAsync(this GrpcServer server, string topic, int partition, params string[] bodies)
    {
        var request = new PublishRecordsRequest { Topic = topic };
        request.Records.AddRange(bodies.Select(body => new OutgoingRecord { Body = ByteString.CopyFromUtf8(body), Partition = partition }));
        Assert.All((await server.TopicCalls().PublishRecordsAsync(request)).Results, static result => Assert.Null(result.Error));
    }
}
