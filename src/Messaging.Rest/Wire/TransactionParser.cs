using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The operations of a transaction. Their memory points into the document. What is wrong with one entry refuses the whole call: all of it is done, or nothing.</summary>
internal static class TransactionParser
{
    public const string Place = "operations";

    private const int Acknowledge = 0, Send = 1, Publish = 2;
    private const int NameField = 0;
    private const uint Both = 0b11;

    public static readonly FieldTable Fields = new([Place]);
    public static readonly FieldTable OperationFields = new(["acknowledge", "send", "publish", "commit"]);
    public static readonly FieldTable AcknowledgeFields = new(["queue", "receipts"]);
    public static readonly FieldTable SendFields = new(["queue", "messages"]);
    public static readonly FieldTable PublishFields = new(["topic", RecordsDraft.Place]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The call has operations, an array with at least one entry.", Place) : null;
            if (ReadOperations(ref reader, document, draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadOperations(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(Place, "Must be an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (draft.Operations.Count == BrokerLimits.TransactionOperationsMax)
                return Problem.Of(EntryCount.TooMany(Place, BrokerLimits.TransactionOperationsMax));
            int operation = draft.Operations.Count;
            if (ReadOperation(ref reader, document, draft) is { } problem)
                return problem.Under($"{Place}[{operation}]");
        }

        return null;
    }

    private static Problem? ReadOperation(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        int before = draft.Operations.Count;
        uint seen = 0;
        while (true)
        {
            if (OperationFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return draft.Operations.Count > before ? null : Problem.Of(FrontCode.MissingField, "An operation is one of acknowledge, send, publish and commit.");
            string name = OperationFields.Served[field];
            if (draft.Operations.Count > before)
                return Problem.Invalid(name, "An operation is only one of acknowledge, send, publish and commit.");
            Problem? problem = field switch
            {
                Acknowledge => ReadAcknowledge(ref reader, document, draft),
                Send => ReadSend(ref reader, document, draft),
                Publish => ReadPublish(ref reader, document, draft),
                _ => ReadCommit(ref reader, document, draft),
            };
            if (problem is not null)
                return problem.Under(name);
        }
    }

    private static Problem? ReadAcknowledge(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        EntryList<Receipt> receipts = draft.Own(new EntryList<Receipt>());
        if (ReadEntries(ref reader, document, AcknowledgeFields, receipts, ReceiptParser.Read, out string name) is { } problem)
            return problem;
        if (CheckQueue(name, draft, out QueueKey queue) is { } illegal)
            return illegal;
        draft.Operations.Add(new TransactionOperation.Acknowledge(queue, receipts.Accepted));
        return null;
    }

    private static Problem? ReadSend(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        EntryList<OutgoingMessage> messages = draft.Own(new EntryList<OutgoingMessage>());
        if (ReadEntries(ref reader, document, SendFields, messages, MessageParser.Read, out string name) is { } problem)
            return problem;
        if (CheckQueue(name, draft, out QueueKey queue) is { } illegal)
            return illegal;
        draft.Operations.Add(new TransactionOperation.Send(queue, messages.Accepted));
        return null;
    }

    private static Problem? ReadPublish(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        EntryList<OutgoingRecord> records = draft.Own(new EntryList<OutgoingRecord>());
        if (ReadEntries(ref reader, document, PublishFields, records, RecordParser.Read, out string name) is { } problem)
            return problem;
        if (!TopicName.TryParse(name, out TopicName topic))
            return Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a topic.", "topic");
        draft.Operations.Add(new TransactionOperation.Publish(new TopicKey(draft.Account, draft.Namespace, topic), records.Accepted));
        return null;
    }

    private static Problem? ReadCommit(ref Utf8JsonReader reader, RequestDocument document, TransactionDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        CommitDraft commit = draft.Own(new CommitDraft(namesGroup: true));
        if (CommitDraft.Parse(ref reader, document, commit) is { } problem)
            return problem;
        if (FirstRefusal(commit.Entries) is { } refusal)
            return refusal;
        var group = new GroupKey(draft.Account, draft.Namespace, commit.Group);
        draft.Operations.Add(new TransactionOperation.Commit(group, commit.Token, commit.Token is null ? commit.ToCommit() : null));
        return null;
    }

    private static Problem? CheckQueue(string name, TransactionDraft draft, out QueueKey queue)
    {
        bool isLegal = QueueName.TryParse(name, out QueueName parsed);
        queue = new QueueKey(draft.Account, draft.Namespace, parsed);
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a queue.", "queue");
    }

    // A name, and an array whose entries are all good.
    private static Problem? ReadEntries<TEntry>(
        ref Utf8JsonReader reader, RequestDocument document, FieldTable fields, EntryList<TEntry> entries, EntryParser<TEntry> parse, out string name)
    {
        name = "";
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        uint seen = 0;
        while (true)
        {
            if (fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field == NameField
                ? JsonText.Text(ref reader, document, fields.Served[NameField], out name)
                : JsonRequest.Entries(ref reader, document, fields.Served[field], entries, parse);
            if (problem is not null)
                return problem;
        }

        if (seen != Both)
            return Problem.Of(FrontCode.MissingField, $"It has {fields.Served[0]} and {fields.Served[1]}.", fields.Served[seen == 1 ? 1 : 0]);
        return FirstRefusal(entries);
    }

    private static Problem? FirstRefusal<TEntry>(EntryList<TEntry> entries)
    {
        for (int i = 0; entries.RefusedCount > 0 && i < entries.Count; i++)
        {
            if (entries.RefusalAt(i) is { } refusal)
                return refusal;
        }

        return null;
    }
}
