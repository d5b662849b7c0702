namespace Messaging.Broker.Queues;

/// <summary>In which fields two definitions differ, by the names of the contract.</summary>
internal static class DefinitionDifference
{
    public static IReadOnlyList<string> Of(QueueDefinition before, QueueDefinition after)
    {
        var fields = new List<string>();
        Add("type", before.Type == after.Type);
        Add("leaseSeconds", before.LeaseSeconds == after.LeaseSeconds);
        Add("delaySeconds", before.DelaySeconds == after.DelaySeconds);
        Add("retentionSeconds", before.RetentionSeconds == after.RetentionSeconds);
        Add("receiveWaitSeconds", before.ReceiveWaitSeconds == after.ReceiveWaitSeconds);
        Add("maxMessageBytes", before.MaxMessageBytes == after.MaxMessageBytes);
        Add("priorities", before.Priorities == after.Priorities);
        Add("maxMessages", before.MaxMessages == after.MaxMessages);
        Add("deadLetter", before.DeadLetter == after.DeadLetter);
        Add("deduplication", before.Deduplication == after.Deduplication);
        Add("retry", before.Retry == after.Retry);
        Add("tags", DefinitionTexts.AreSame(before.Tags, after.Tags));
        Add("annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations));
        return fields;

        void Add(string field, bool isSame)
        {
            if (!isSame) fields.Add(field);
        }
    }
}
