namespace Messaging.Broker.Queues;

/// <summary>In which fields two definitions differ, by the names of the contract.</summary>
internal static class DefinitionDifference
{
    public static IReadOnlyList<string> Of(QueueDefinition before, QueueDefinition after) => new DifferentFields
    {
        { "type", before.Type == after.Type },
        { "leaseSeconds", before.LeaseSeconds == after.LeaseSeconds },
        { "delaySeconds", before.DelaySeconds == after.DelaySeconds },
        { "retentionSeconds", before.RetentionSeconds == after.RetentionSeconds },
        { "receiveWaitSeconds", before.ReceiveWaitSeconds == after.ReceiveWaitSeconds },
        { "maxMessageBytes", before.MaxMessageBytes == after.MaxMessageBytes },
        { "priorities", before.Priorities == after.Priorities },
        { "maxMessages", before.MaxMessages == after.MaxMessages },
        { "deadLetter", before.DeadLetter == after.DeadLetter },
        { "deduplication", before.Deduplication == after.Deduplication },
        { "retry", before.Retry == after.Retry },
        { "tags", DefinitionTexts.AreSame(before.Tags, after.Tags) },
        { "annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations) },
    };
}
