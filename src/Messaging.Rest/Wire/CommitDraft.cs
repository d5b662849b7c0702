using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A commit as it is read: a token, or offsets, perhaps of a member. Owned by the operation, which disposes it; not thread-safe.</summary>
/// <param name="namesGroup">It says whose it is, which a path does else.</param>
internal sealed class CommitDraft(bool namesGroup = false) : IDisposable
{
    public const string Place = "offsets";

    private const int TokenField = 0, Offsets = 1, MemberField = 2, GenerationField = 3, Instance = 4, GroupField = 5;

    public static readonly FieldTable Fields = new(["token", Place, "memberId", "generation", "instanceId"]);

    /// <summary>With the group that it names, as a part of a transaction.</summary>
    public static readonly FieldTable FieldsWithGroup = new([.. Fields.Served, "group"]);

    private readonly FieldTable _fields = namesGroup ? FieldsWithGroup : Fields;
    private MemberId? _member;
    private int _generation;
    private string? _instanceId;
    private bool _hasGeneration;

    /// <summary>Whose it is, where it says so.</summary>
    public GroupName Group { get; private set; }

    public CommitToken? Token { get; private set; }

    public EntryList<OffsetEntry> Entries { get; } = new();

    public OffsetsCommit ToCommit() => new(Entries.Accepted.ToArray(), _member, _hasGeneration ? _generation : null, _instanceId);

    public static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, CommitDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (draft._fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return draft.Check(seen);
            if (draft.ReadField(ref reader, document, field) is { } problem)
                return problem;
        }
    }

    private static bool Has(uint seen, int field) => (seen & (1u << field)) != 0;

    private Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field)
    {
        string name = _fields.Served[field];
        return field switch
        {
            TokenField => ReadToken(ref reader, document, name),
            Offsets => JsonRequest.Entries(ref reader, document, name, Entries, OffsetEntryParser.Read),
            MemberField => MemberWords.Read(ref reader, document, name, out _member),
            GenerationField => JsonText.Integer(ref reader, name, 0, int.MaxValue, out _generation),
            Instance => JsonText.Text(ref reader, document, name, out _instanceId!),
            GroupField => ReadGroup(ref reader, document, name),
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
    }

    private Problem? ReadGroup(ref Utf8JsonReader reader, RequestDocument document, string name)
    {
        if (JsonText.Text(ref reader, document, name, out string text) is { } problem)
            return problem;
        bool isLegal = GroupName.TryParse(text, out GroupName group);
        Group = group;
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a group.", name);
    }

    private Problem? ReadToken(ref Utf8JsonReader reader, RequestDocument document, string name)
    {
        Problem? problem = CommitTokenText.Read(ref reader, document, name, out CommitToken? token);
        Token = token;
        return problem;
    }

    private Problem? Check(uint seen)
    {
        _hasGeneration = Has(seen, GenerationField);
        if (namesGroup && !Has(seen, GroupField))
            return Problem.Of(FrontCode.MissingField, "It has the group whose offsets are committed.", "group");
        if (Has(seen, TokenField))
            return (seen & ~(1u << GroupField)) == 1u << TokenField ? null : Problem.Invalid("token", "A token is committed alone.");
        if (!Has(seen, Offsets))
            return Problem.Of(FrontCode.MissingField, "A commit has a token, or offsets, an array with at least one entry.", Place);
        if (Has(seen, MemberField) == _hasGeneration)
            return null;
        return Problem.Of(FrontCode.MissingField, "A member shows its generation.", _hasGeneration ? "memberId" : "generation");
    }

    public void Dispose() => Entries.Dispose();
}
