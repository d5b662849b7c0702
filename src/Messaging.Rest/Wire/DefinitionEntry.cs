using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What was read so far of one entry of a document of definitions: a name, a namespace, and the fields of a definition of its kind.</summary>
internal abstract class DefinitionEntry
{
    private const int Name = 0, Namespace = 1, Definition = 2;

    private static readonly string[] OwnFields = ["name", "namespace"];

    /// <summary>Of an entry that names none the document's.</summary>
    public required NamespaceName Space { get; set; }

    /// <summary>The fields of an entry; those of a definition come behind its own.</summary>
    public abstract FieldTable Fields { get; }

    /// <summary>What it is a definition of, in a word.</summary>
    protected abstract string Kind { get; }

    /// <summary>The fields of an entry of which a definition has these.</summary>
    public static FieldTable FieldsOf(FieldTable definition) => new([.. OwnFields, .. definition.Served]);

    /// <summary>All fields, and all that is wrong with them: the draft gets it.</summary>
    public void Read(ref Utf8JsonReader reader, RequestDocument document, DefinitionsDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
            {
                draft.Refuse(refused);
                // From the name over its value.
                reader.Skip();
                continue;
            }
            if (field == FieldTable.End)
                break;
            int depth = JsonRequest.DepthOf(ref reader);
            if (ReadField(ref reader, document, field) is not { } problem)
                continue;
            draft.Refuse(problem);
            JsonRequest.SkipToEnd(ref reader, depth);
        }
        if ((seen & (1u << Name)) == 0)
            draft.Refuse(Problem.Of(FrontCode.MissingField, $"A definition in a document has the {Kind}'s name.", OwnFields[Name]));
        RefuseMissing(draft);
    }

    /// <summary>It is one of the document's from here on; without its definition where that could not be read.</summary>
    public abstract void AddTo(DefinitionsDraft draft, bool isRead);

    /// <summary>What an entry of this kind has beside a name, and this one has not, once all was read.</summary>
    protected virtual void RefuseMissing(DefinitionsDraft draft)
    {
    }

    /// <summary>False for what is no legal name.</summary>
    protected abstract bool TrySetName(string text);

    /// <summary>One field of the definition; <paramref name="field"/> counts as its parser does.</summary>
    protected abstract Problem? ReadDefinition(ref Utf8JsonReader reader, RequestDocument document, int field);

    private Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field) => field switch
    {
        Name => ReadName(ref reader, document),
        Namespace => ReadNamespace(ref reader, document),
        _ => ReadDefinition(ref reader, document, field - Definition),
    };

    private Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document)
    {
        if (JsonText.Text(ref reader, document, OwnFields[Name], out string text) is { } problem)
            return problem;
        // No path of ours leads to such a name.
        if (text is "." or "..")
            return Problem.Of(ErrorCode.InvalidName, $"A path resolves \".\" and \"..\", so that no {Kind} can have this name.", OwnFields[Name]);
        return TrySetName(text)
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A {Kind}'s name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", OwnFields[Name]);
    }

    private Problem? ReadNamespace(ref Utf8JsonReader reader, RequestDocument document)
    {
        if (JsonText.Text(ref reader, document, OwnFields[Namespace], out string text) is { } problem)
            return problem;
        bool isLegal = NamespaceName.TryParse(text, out NamespaceName space);
        Space = space;
        return isLegal
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A namespace is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", OwnFields[Namespace]);
    }
}
