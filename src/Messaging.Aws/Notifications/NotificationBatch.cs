using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Notifications;

/// <summary>One message of a batch, and what becomes of it. Owned by one call.</summary>
internal sealed class NotificationEntry
{
    public string Id = "";
    public readonly NotificationDraft Message = new();
    public AwsError? Error;
    public MessageId MessageId;
    public long? Sequence;
}

/// <summary>What the entries of a batch keep together, and how those are told that fail (API Reference, errors of PublishBatch).</summary>
internal static class NotificationBatch
{
    /// <summary>The rule that the batch breaks as a whole, or null.</summary>
    public static AwsError? Check(List<NotificationEntry> entries)
    {
        if (entries.Count == 0)
            return new AwsError(AwsErrorCode.EmptyBatchRequest, "The batch request doesn't contain any entries.");
        if (entries.Count > AwsLimits.BatchEntriesMax)
            return new AwsError(AwsErrorCode.TooManyEntriesInBatchRequest, "The batch request contains more entries than permissible.");
        for (int index = 0; index < entries.Count; index++)
        {
            string id = entries[index].Id;
            if (id.Length > AwsLimits.BatchEntryIdCharactersMax)
                return new AwsError(AwsErrorCode.InvalidBatchEntryId, $"The Id of a batch entry in the batch request is too long: {Refusals.Shown(id)}");
            if (!IdText.IsEntryId(id))
                return new AwsError(AwsErrorCode.InvalidBatchEntryId, $"The Id of a batch entry in the batch request contains an impermissible character: {id}");
            for (int earlier = 0; earlier < index; earlier++)
            {
                if (entries[earlier].Id == id)
                    return new AwsError(AwsErrorCode.BatchEntryIdsNotDistinct, "Two or more batch entries in the request have the same Id.");
            }
        }
        return null;
    }

    /// <summary>The records of the entries that are right, in front; the others have their error. What is wrong with all of them together, or null.</summary>
    public static AwsError? Accept(List<NotificationEntry> entries, TopicDefinition topic, out OutgoingRecord[] records, out int accepted)
    {
        (records, accepted) = (new OutgoingRecord[entries.Count], 0);
        long size = 0;
        for (int index = 0; index < entries.Count; index++)
        {
            NotificationEntry entry = entries[index];
            if (entry.Message.CheckType(topic) is { } lacking)
                return lacking;
            entry.Error = entry.Message.Check(topic, $"publishBatchRequestEntries.{index + 1}.member.", out records[accepted]);
            // What the model requires refuses the batch as a whole.
            if (entry.Error is { Code: AwsErrorCode.ValidationError or AwsErrorCode.ParameterValueInvalid })
                return entry.Error;
            size += entry.Message.Size;
            if (entry.Error is null)
                accepted++;
        }
        return size > SnsLimits.MessageBytesMax ? new AwsError(AwsErrorCode.BatchRequestTooLong, "The length of all the messages put together is more than the limit.") : null;
    }

    public static void WriteFailed(IAnswer answer, List<NotificationEntry> entries)
    {
        answer.BeginList("Failed"u8, "member"u8);
        foreach (NotificationEntry entry in entries)
        {
            if (entry.Error is not { } error)
                continue;
            AwsErrorKind kind = SnsErrorTable.Of(error.Code);
            answer.BeginItem();
            answer.Text("Id"u8, Encoding.UTF8.GetBytes(entry.Id));
            answer.Text("Code"u8, Encoding.ASCII.GetBytes(kind.QueryCode));
            answer.Text("Message"u8, XmlText.Legal(error.Message));
            answer.Boolean("SenderFault"u8, kind.Fault == "Sender");
            answer.EndItem();
        }
        answer.EndList();
    }
}
