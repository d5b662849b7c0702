using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>Topics that SNS has too, over gRPC, by the generated client.</summary>
internal sealed class GrpcSharedTopicFront(CallInvoker connection) : ISharedTopicFront
{
    private TopicService.TopicServiceClient Calls => new(connection);

    public async Task<SharedTopic> GetAsync(string topic)
    {
        TopicDefinition definition = (await Calls.GetTopicAsync(new GetTopicRequest { Topic = topic })).Topic.Definition;
        return new SharedTopic(
            definition.Deduplication is { ContentBased: true }, definition.Deduplication is { Scope: Deduplication.Types.Scope.Group }, definition.HasRetentionSeconds ? definition.RetentionSeconds : null, definition.Annotations);
    }

    public Task<string> PatchAsync(string topic, bool isContentBased, bool isWithinGroup, int retentionSeconds)
    {
        var definition = new TopicDefinition
        {
            Deduplication = new Deduplication { ContentBased = isContentBased, Scope = isWithinGroup ? Deduplication.Types.Scope.Group : Deduplication.Types.Scope.All },
            RetentionSeconds = retentionSeconds,
        };
        // What is false or 0 is told from what is not said by the mask alone.
        var mask = new FieldMask { Paths = { "deduplication.content_based", "deduplication.scope", "retention_seconds" } };
        return Calls.PatchTopicAsync(new PatchTopicRequest { Topic = topic, Definition = definition, UpdateMask = mask }).OutcomeAsync();
    }
}
