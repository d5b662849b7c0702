using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A commit as it is read: a token, or offsets, perhaps of a member. Owned by the operation, which disposes it; not thread-safe.</summary>
internal sealed class CommitDraft : IDisposable
{
    public const string Place = "offsets";

    private const int TokenField = 0, Offsets = 1, MemberField = 2, GenerationField = 3, Instance = 4;

    public static readonly FieldTable Fields = new(["token", Place, "memberId", "generation", "instanceId"]);

    private MemberId? _member;
    private int _generation;
    private string? _instanceId;
    private bool _hasGeneration;

    public CommitToken? Token { get; private set; }

    public EntryList<OffsetEntry> Entries { get; } = new();

    public OffsetsCommit ToCommit() => new(Entries.Accepted.ToArray(), _member, _hasGeneration ? _generation : null, _instanceId);

    public static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, CommitDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
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
        string name = Fields.Served[field];
        return field switch
        {
            TokenField => ReadToken(ref reader, document, name),
            Offsets => JsonRequest.Entries(ref reader, document, name, Entries, OffsetEntryParser.Read),
            MemberField => MemberWords.Read(ref reader, document, name, out _member),
            GenerationField => JsonText.Integer(ref reader, name, 0, int.MaxValue, out _generation),
            Instance => JsonText.Text(ref reader, document, name, out _instanceId!),
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
    }

    private Problem? ReadToken(ref Utf8JsonReader reader, RequestDocument document, string name)
    {
        if (JsonText.Text(ref reader, document, name, out string text) is { } problem)
            return problem;
        bool isOne = CommitToken.TryParse(text, out CommitToken? token);
        Token = token;
        return isOne ? null : Problem.Of(ErrorCode.CommitTokenInvalid, "This is not a commit token of this server.", name);
    }

    private Problem? Check(uint seen)
    {
        _hasGeneration = Has(seen, GenerationField);
        if (Has(seen, TokenField))
            return seen == 1u << TokenField ? null : Problem.Invalid("token", "A token is committed alone.");
        if (!Has(seen, Offsets))
            return Problem.Of(FrontCode.MissingField, "A commit has a token, or offsets, an array with at least one entry.", Place);
        if (Has(seen, MemberField) == _hasGeneration)
            return null;
        return Problem.Of(FrontCode.MissingField, "A member shows its generation.", _hasGeneration ? "memberId" : "generation");
    }

    public void Dispose() => Entries.Dispose();
}
