using System.Text.Json;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A topic in a document of definitions.</summary>
internal sealed class TopicEntry : DefinitionEntry
{
    public static readonly FieldTable EntryFields = FieldsOf(TopicDefinitionParser.Fields);

    private readonly TopicDefinitionParser.Box _definition = new();
    private TopicName _name;

    public override FieldTable Fields => EntryFields;

    protected override string Kind => "topic";

    public override void AddTo(DefinitionsDraft draft, bool isRead) =>
        draft.Add(new TopicDefinitionEntry(new TopicKey(draft.Account, Space, _name), isRead ? _definition.Definition : null));

    protected override bool TrySetName(string text) => TopicName.TryParse(text, out _name);

    protected override Problem? ReadDefinition(ref Utf8JsonReader reader, RequestDocument document, int field) =>
        TopicDefinitionParser.ReadField(ref reader, document, field, _definition);
}
