namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>What REST and gRPC tell of a topic, and change, that SNS has words of its own for. One for each front; thread-safe.</summary>
internal interface ISharedTopicFront
{
    Task<SharedTopic> GetAsync(string topic);

    /// <summary>Changes whether records without an id are known by their content and in what scope, and for how long they are kept; leaves the rest.</summary>
    Task<string> PatchAsync(string topic, bool isContentBased, bool isWithinGroup, int retentionSeconds);
}

/// <summary>What of a topic its fronts share.</summary>
internal sealed record SharedTopic(bool IsContentBased, bool IsWithinGroup, int? RetentionSeconds, IReadOnlyDictionary<string, string> Annotations);
