using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A subscription in a document of definitions: it names its topic, which is of the entry's namespace.</summary>
internal sealed class SubscriptionEntry : DefinitionEntry
{
    private const int Topic = 0, Definition = 1;

    private const string TopicField = "topic";

    public static readonly FieldTable EntryFields = FieldsOf(new FieldTable([TopicField, .. SubscriptionDefinitionParser.Fields.Served]));

    private readonly SubscriptionDefinitionParser.Box _definition = new();
    private SubscriptionName _name;
    private TopicName _topic;
    private bool _hasTopic;

    public override FieldTable Fields => EntryFields;

    protected override string Kind => "subscription";

    public override void AddTo(DefinitionsDraft draft, bool isRead) => draft.Add(
        new SubscriptionDefinitionEntry(new SubscriptionKey(new TopicKey(draft.Account, Space, _topic), _name), isRead ? _definition.Definition : null));

    protected override bool TrySetName(string text) => SubscriptionName.TryParse(text, out _name);

    protected override void RefuseMissing(DefinitionsDraft draft)
    {
        if (!_hasTopic)
            draft.Refuse(Problem.Of(FrontCode.MissingField, "A subscription in a document has its topic's name.", TopicField));
        if (!_definition.HasTarget)
            draft.Refuse(SubscriptionDefinitionParser.TargetMissing);
    }

    protected override Problem? ReadDefinition(ref Utf8JsonReader reader, RequestDocument document, int field) =>
        field == Topic ? ReadTopic(ref reader, document) : SubscriptionDefinitionParser.ReadField(ref reader, document, field - Definition, _definition);

    private Problem? ReadTopic(ref Utf8JsonReader reader, RequestDocument document)
    {
        _hasTopic = true;
        if (JsonText.Text(ref reader, document, TopicField, out string text) is { } problem)
            return problem;
        return TopicName.TryParse(text, out _topic) ? null : Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a topic.", TopicField);
    }
}
