using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>In which fields two definitions of topics differ, by the names of the contract.</summary>
internal static class TopicDifference
{
    public static IReadOnlyList<string> Of(TopicDefinition before, TopicDefinition after)
    {
        var fields = new List<string>();
        Add("partitions", before.Partitions == after.Partitions);
        Add("type", before.Type == after.Type);
        Add("retentionSeconds", before.RetentionSeconds == after.RetentionSeconds);
        Add("retentionBytes", before.RetentionBytes == after.RetentionBytes);
        Add("cleanup", before.Cleanup == after.Cleanup);
        Add("minCompactionLagSeconds", before.MinCompactionLagSeconds == after.MinCompactionLagSeconds);
        Add("tombstoneSeconds", before.TombstoneSeconds == after.TombstoneSeconds);
        Add("maxMessageBytes", before.MaxMessageBytes == after.MaxMessageBytes);
        Add("timestamps", before.Timestamps == after.Timestamps);
        Add("deduplication", before.Deduplication == after.Deduplication);
        Add("tags", DefinitionTexts.AreSame(before.Tags, after.Tags));
        Add("annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations));
        return fields;

        void Add(string field, bool isSame)
        {
            if (!isSame) fields.Add(field);
        }
    }
}
