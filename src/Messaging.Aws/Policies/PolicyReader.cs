using System.Buffers;
using System.Text.Json;
using Messaging.Aws.Wire;
using System.Text.Unicode;

namespace Messaging.Aws.Policies;

/// <summary>
/// Reads the JSON of a policy into its statements, all of it or nothing. Used once for each policy, by one thread.
/// Source: IAM User Guide, "Grammar of the IAM JSON policy language".
/// </summary>
internal sealed class PolicyReader(PolicyActions actions)
{
    private const int DepthMax = 16;

    // Only this one has variables.
    private const string CurrentVersion = "2012-10-17";
    private const string FirstVersion = "2008-10-17";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    private readonly HashSet<string> _sids = new(StringComparer.Ordinal);
    private readonly List<PolicyStatement> _statements = [];
    private bool _hasVariables;

    /// <summary>Null with the policy, or why there is none.</summary>
    public string? Read(string text, out AccessPolicy? policy)
    {
        policy = null;
        byte[] bytes = new byte[actions.BytesMax];
        OperationStatus encoded = Utf8.FromUtf16(text, bytes, out _, out int length, replaceInvalidSequences: false);
        if (encoded == OperationStatus.DestinationTooSmall)
            return $"A policy has at most {actions.BytesMax} bytes.";
        ReadOnlyMemory<byte> json = bytes.AsMemory(0, length);
        if (encoded != OperationStatus.Done || !SoundJson.Is(json.Span, DepthMax))
            return "It is no JSON.";
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException)
        {
            return "It names a member twice.";
        }
        using (document)
        {
            if (ReadPolicy(document.RootElement) is { } reason)
                return reason;
        }
        policy = new AccessPolicy(actions, [.. _statements]);
        return null;
    }

    private string? ReadPolicy(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
            return "A policy is an object.";
        JsonElement? statements = null;
        foreach (JsonProperty member in policy.EnumerateObject())
        {
            switch (member.Name)
            {
                case "Version":
                    if (Text(member.Value) is not (CurrentVersion or FirstVersion))
                        return "There is no such version.";
                    _hasVariables = Text(member.Value) == CurrentVersion;
                    break;
                case "Id":
                    if (Text(member.Value) is null)
                        return "An Id is a string.";
                    break;
                case "Statement":
                    statements = member.Value;
                    break;
                default:
                    return $"A policy has no '{member.Name}'.";
            }
        }
        return statements is { } value ? ReadStatements(value) : "A policy has at least one statement.";
    }

    private string? ReadStatements(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return ReadStatement(value);
        if (value.GetArrayLength() is var count && (count < 1 || count > actions.StatementsMax))
            return $"A policy has 1 to {actions.StatementsMax} statements.";
        foreach (JsonElement statement in value.EnumerateArray())
        {
            if (ReadStatement(statement) is { } reason)
                return reason;
        }
        return null;
    }

    private string? ReadStatement(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return "A statement is an object.";
        var reader = new StatementReader(actions, _hasVariables);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (reader.Read(member) is { } reason)
                return reason;
        }
        if (reader.Finish(out PolicyStatement? statement) is { } lacking)
            return lacking;
        if (!string.IsNullOrEmpty(statement!.Sid) && !_sids.Add(statement.Sid))
            return "Two statements have the same Sid.";
        _statements.Add(statement);
        return null;
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
