using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// Definitions as one document: entries with a name, a namespace and the fields of a queue's definition, as <see cref="QueueDefinitionParser"/> reads them. What
/// is wrong with a field does not end the reading: the draft gets all of it. What is returned is wrong with the document as a whole.
/// </summary>
internal static class DefinitionsParser
{
    public const string Queues = "queues";

    private const int Name = 0, Namespace = 1, Definition = 2;

    public static readonly FieldTable Fields = new([Queues]);

    public static readonly FieldTable EntryFields = new(["name", "namespace", .. QueueDefinitionParser.Fields.Served]);

    private static readonly Problem TooMany =
        Problem.Of(ErrorCode.DefinitionsTooLarge, $"A document has at most {BrokerLimits.DefinitionsMax} definitions.", Queues);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The document has queues, an array of definitions.", Queues) : null;
            if (ReadEntries(ref reader, document, draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadEntries(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(Queues, "Must be an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (draft.Entries.Count == BrokerLimits.DefinitionsMax)
                return TooMany;
            ReadEntry(ref reader, document, draft);
        }
        return null;
    }

    private static void ReadEntry(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        var entry = new Entry { Namespace = draft.Namespace };
        int errorsBefore = draft.ErrorCount;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadFields(ref reader, document, draft, entry);
        }
        else
        {
            draft.Refuse(Problem.Of(ErrorCode.InvalidValue, "Must be an object with a name and a definition's fields."));
            reader.Skip();
        }
        bool isRead = draft.ErrorCount == errorsBefore;
        draft.Add(new QueueDefinitionEntry(new QueueKey(draft.Account, entry.Namespace, entry.Name), isRead ? entry.Definition.Definition : null));
    }

    private static void ReadFields(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft, Entry entry)
    {
        uint seen = 0;
        while (true)
        {
            if (EntryFields.Next(ref reader, ref seen, out int field) is { } refused)
            {
                draft.Refuse(refused);
                // From the name over its value.
                reader.Skip();
                continue;
            }
            if (field == FieldTable.End)
                break;
            int depth = JsonRequest.DepthOf(ref reader);
            if (ReadField(ref reader, document, field, entry) is not { } problem)
                continue;
            draft.Refuse(problem);
            JsonRequest.SkipToEnd(ref reader, depth);
        }
        if ((seen & (1u << Name)) == 0)
            draft.Refuse(Problem.Of(FrontCode.MissingField, "A definition in a document has the queue's name.", "name"));
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Entry entry) => field switch
    {
        Name => ReadName(ref reader, document, entry),
        Namespace => ReadNamespace(ref reader, document, entry),
        _ => QueueDefinitionParser.ReadField(ref reader, document, field - Definition, entry.Definition),
    };

    private static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, Entry entry)
    {
        if (JsonText.Text(ref reader, document, "name", out string text) is { } problem)
            return problem;
        // No path of ours leads to a queue of such a name.
        if (text is "." or "..")
            return Problem.Of(ErrorCode.InvalidName, "A path resolves \".\" and \"..\", so that no queue can have this name.", "name");
        bool isLegal = QueueName.TryParse(text, out QueueName name);
        entry.Name = name;
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", "name");
    }

    private static Problem? ReadNamespace(ref Utf8JsonReader reader, RequestDocument document, Entry entry)
    {
        if (JsonText.Text(ref reader, document, "namespace", out string text) is { } problem)
            return problem;
        bool isLegal = NamespaceName.TryParse(text, out NamespaceName space);
        entry.Namespace = space;
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, $"A namespace is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", "namespace");
    }

    /// <summary>What was read of one entry so far.</summary>
    private sealed class Entry
    {
        public QueueName Name { get; set; }

        public NamespaceName Namespace { get; set; }

        public QueueDefinitionParser.Box Definition { get; } = new();
    }
}
