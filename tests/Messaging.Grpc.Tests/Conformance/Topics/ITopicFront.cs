namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>
/// What all fronts that have records can do with topics, in words that belong to none of them: an outcome is "" for what was done, else the broker's code, such as "topicNotFound". One for each front; thread-safe.
/// </summary>
internal interface ITopicFront
{
    Task<string> CreateTopicAsync(string name, TopicTerms terms);

    /// <summary>Changes what the terms say, and leaves the rest; where a version is named, of that one only.</summary>
    Task<string> PatchTopicAsync(string name, TopicTerms terms, string? version = null);

    /// <summary>The version of the definition as it is, in the front's own words.</summary>
    Task<string> GetVersionAsync(string name);

    /// <summary>The definition, with all that terms can say; null of a refusal.</summary>
    Task<(string Outcome, TopicTerms? Terms)> GetTopicAsync(string name);

    Task<string> DeleteTopicAsync(string name);

    /// <summary>The names that begin so, in their order.</summary>
    Task<string[]> ListTopicsAsync(string prefix);

    /// <summary>What became of each record; or of the call.</summary>
    Task<FrontPublished[]> PublishAsync(string topic, FrontProducer? producer, params FrontRecord[] records);

    /// <summary>Records from an offset on, without waiting.</summary>
    Task<FrontPage> FetchAsync(string topic, int partition, long offset, bool isCommittedOnly = false);

    /// <summary>Where each partition begins and ends.</summary>
    Task<(string Outcome, FrontPartition[] Partitions)> ListPartitionsAsync(string topic);

    /// <summary>The offset of each partition at "earliest", at "latest", or of a time of RFC 3339.</summary>
    Task<(string Outcome, IReadOnlyList<long> Offsets)> FindOffsetsAsync(string topic, string at);

    /// <summary>What stands below the offset goes; answers where the partition begins and ends then.</summary>
    Task<(string Outcome, FrontPartition? Partition)> DeleteRecordsAsync(string topic, int partition, long before);
}

/// <summary>What of a topic's definition a scenario says; null is not said.</summary>
internal sealed record TopicTerms(int? Partitions = null, bool? IsFifo = null, int? RetentionSeconds = null, int? MaxMessageBytes = null);

/// <summary>As whom records are published, and in which transaction.</summary>
internal sealed record FrontProducer(long Id, int Epoch, string? Transaction = null);

/// <summary>A record to publish: without a body a tombstone; with a header "h", or without.</summary>
internal sealed record FrontRecord(
    string? Body, string? Key = null, string? Header = null, DateTimeOffset? Time = null, int? Partition = null, int? Sequence = null, string? DeduplicationId = null);

/// <summary>What became of a record: where it is, when the outcome is "".</summary>
internal sealed record FrontPublished(string Outcome, int Partition = 0, long Offset = 0, bool IsDuplicate = false);

/// <summary>Records as they were fetched, and where the partition begins and ends; or only an outcome.</summary>
internal sealed record FrontPage(string Outcome, FrontFetched[] Records, long NextOffset, FrontPartition? Partition)
{
    public IEnumerable<string?> Bodies => Records.Select(record => record.Body);
}

/// <summary>A record as it was fetched.</summary>
internal sealed record FrontFetched(long Offset, string? Body, string? Key, string? Header, DateTimeOffset? Time);

/// <summary>Where a partition begins and ends.</summary>
internal sealed record FrontPartition(int Number, long Low, long HighWatermark, long LastStable);
