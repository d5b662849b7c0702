using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// Definitions as one document: entries with a name, a namespace and the fields of a queue's, a topic's or a subscription's definition, as <see cref="QueueDefinitionParser"/>,
/// <see cref="TopicDefinitionParser"/> and <see cref="SubscriptionDefinitionParser"/> read them. What is wrong with a field does not end the reading: the draft gets all of it. What is returned is wrong with the
/// document as a whole.
/// </summary>
internal static class DefinitionsParser
{
    // In the order of the lists.
    private static readonly ResourceKind[] Kinds = [ResourceKind.Queue, ResourceKind.Topic, ResourceKind.Subscription];

    public static readonly FieldTable Fields = new(["queues", "topics", "subscriptions"]);

    /// <summary>The document's list of this kind.</summary>
    public static string ListOf(ResourceKind kind) => Fields.Served[Array.IndexOf(Kinds, kind)];

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The document has queues, topics or subscriptions, arrays of definitions.", Fields.Served[0]) : null;
            draft.Kind = Kinds[field];
            if (ReadEntries(ref reader, document, draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadEntries(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(ListOf(draft.Kind), "Must be an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (draft.Document.Count == CatalogLimits.DefinitionsMax)
                return Problem.Of(ErrorCode.DefinitionsTooLarge, $"A document has at most {CatalogLimits.DefinitionsMax} definitions.", ListOf(draft.Kind));
            ReadEntry(ref reader, document, draft);
        }
        return null;
    }

    private static void ReadEntry(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        DefinitionEntry entry = draft.Kind switch
        {
            ResourceKind.Queue => new QueueEntry { Space = draft.Namespace },
            ResourceKind.Topic => new TopicEntry { Space = draft.Namespace },
            ResourceKind.Subscription => new SubscriptionEntry { Space = draft.Namespace },
        };
        int errorsBefore = draft.ErrorCount;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            entry.Read(ref reader, document, draft);
        }
        else
        {
            draft.Refuse(Problem.Of(ErrorCode.InvalidValue, "Must be an object with a name and a definition's fields."));
            reader.Skip();
        }
        entry.AddTo(draft, isRead: draft.ErrorCount == errorsBefore);
    }
}
