using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>In which fields two definitions of topics differ, by the names of the contract.</summary>
internal static class TopicDifference
{
    public static IReadOnlyList<string> Of(TopicDefinition before, TopicDefinition after) => new DifferentFields
    {
        { "partitions", before.Partitions == after.Partitions },
        { "type", before.Type == after.Type },
        { "retentionSeconds", before.RetentionSeconds == after.RetentionSeconds },
        { "retentionBytes", before.RetentionBytes == after.RetentionBytes },
        { "cleanup", before.Cleanup == after.Cleanup },
        { "minCompactionLagSeconds", before.MinCompactionLagSeconds == after.MinCompactionLagSeconds },
        { "tombstoneSeconds", before.TombstoneSeconds == after.TombstoneSeconds },
        { "maxMessageBytes", before.MaxMessageBytes == after.MaxMessageBytes },
        { "timestamps", before.Timestamps == after.Timestamps },
        { "deduplication", before.Deduplication == after.Deduplication },
        { "tags", DefinitionTexts.AreSame(before.Tags, after.Tags) },
        { "annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations) },
    };
}
