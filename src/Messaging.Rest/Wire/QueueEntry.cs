using System.Text.Json;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A queue in a document of definitions.</summary>
internal sealed class QueueEntry : DefinitionEntry
{
    public static readonly FieldTable EntryFields = FieldsOf(QueueDefinitionParser.Fields);

    private readonly QueueDefinitionParser.Box _definition = new();
    private QueueName _name;

    public override FieldTable Fields => EntryFields;

    protected override string Kind => "queue";

    public override void AddTo(DefinitionsDraft draft, bool isRead) =>
        draft.Add(new QueueDefinitionEntry(new QueueKey(draft.Account, Space, _name), isRead ? _definition.Definition : null));

    protected override bool TrySetName(string text) => QueueName.TryParse(text, out _name);

    protected override Problem? ReadDefinition(ref Utf8JsonReader reader, RequestDocument document, int field) =>
        QueueDefinitionParser.ReadField(ref reader, document, field, _definition);
}
