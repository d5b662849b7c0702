using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>
/// Reads the JSON of a policy into its logic and its trie of paths, all of it or nothing. Used once for each policy, by one thread. What is wrong with the text
/// is told before what is too large, as the service does; only what would cost more than reading ends the reading at once.
/// </summary>
internal sealed class PolicyReader(FilterScope scope, FilterLimits limits)
{
    private readonly ValueBudget _budget = new(limits);
    private readonly FilterPathDraft _root = FilterPathDraft.CreateRoot();
    private readonly List<FilterPathDraft> _keys = [];
    private readonly FilterClauseDraft _policy = new();
    private int _conditions;
    private string? _nested;

    public int Conditions => _conditions;

    /// <summary>The places that keys lead to, by their numbers.</summary>
    public IReadOnlyList<FilterPathDraft> Keys => _keys;

    public FilterPathDraft Root => _root;

    /// <summary>Null with the logic, or why there is none.</summary>
    public FilterRefusal? Read(JsonElement json, out FilterClause logic)
    {
        FilterRefusal? refusal = ReadObject(json, _root, _policy, depth: 1, isChoice: false, path: "");
        logic = _policy.Build();
        if (refusal is not null)
            return refusal;
        if (json.GetPropertyCount() > limits.KeysMax)
            return Excess($"Filter policy can not have more than {limits.KeysMax} keys", "");
        if (_nested is { } path)
            return new FilterRefusal(FilterRefusalKind.NestedInAttributes, "Filter policy scope MessageAttributes does not support nested filter policy", path);
        if (_policy.Combinations > limits.CombinationsMax)
            return Excess("Filter policy is too complex", "");
        return logic.FindRepeated([]) is { } repeated
            ? new FilterRefusal(FilterRefusalKind.Malformed, $"Path `{_keys[repeated.KeyIndex].Name()}` cannot be allowed multiple times", "")
            : null;
    }

    private FilterRefusal? ReadObject(JsonElement json, FilterPathDraft at, FilterClauseDraft clause, int depth, bool isChoice, string path)
    {
        bool isEmpty = true;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            isEmpty = false;
            string place = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (ReadMember(member, at, clause, depth, isChoice, place) is { } refusal)
                return refusal;
        }
        return isEmpty ? Malformed("Empty objects are not allowed", path) : null;
    }

    private FilterRefusal? ReadMember(JsonProperty member, FilterPathDraft at, FilterClauseDraft clause, int depth, bool isChoice, string place)
    {
        if (member.Name == FilterOperators.Or && member.Value.ValueKind == JsonValueKind.Array && IsChoice(member.Value))
            return ReadChoice(member.Value, at, clause, depth, place);
        if (isChoice && FilterOperators.Reserved.Contains(member.Name))
            return Malformed($"{member.Name} is a reserved name, which cannot be used inside $or.", place);
        if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return Malformed($"\"{member.Name}\" must be an object or an array", place);
        if (!TryExtend(at, member.Name, out FilterPathDraft next))
            return Excess($"Filter policy can not nest keys deeper than {limits.DepthMax}", place);
        if (member.Value.ValueKind == JsonValueKind.Array)
            return ReadCondition(member.Value, next, clause, depth, place);
        if (scope == FilterScope.Attributes)
            _nested ??= place;
        return ReadObject(member.Value, next, clause, depth + 1, isChoice, place);
    }

    // A list of objects that say no match expression; else $or is the name of a key like any other.
    private static bool IsChoice(JsonElement list)
    {
        foreach (JsonElement alternative in list.EnumerateArray())
        {
            if (alternative.ValueKind != JsonValueKind.Object)
                return false;
            foreach (JsonProperty member in alternative.EnumerateObject())
            {
                if (FilterOperators.Reserved.Contains(member.Name))
                    return false;
            }
        }
        return list.GetArrayLength() > 0;
    }

    private FilterRefusal? ReadChoice(JsonElement list, FilterPathDraft at, FilterClauseDraft clause, int depth, string place)
    {
        if (list.GetArrayLength() < 2)
            return Malformed("There must have at least 2 Objects in $or relationship.", place);
        var alternatives = new List<FilterClauseDraft>();
        foreach (JsonElement alternative in list.EnumerateArray())
        {
            var draft = new FilterClauseDraft();
            if (ReadObject(alternative, at, draft, depth, isChoice: true, $"{place}[{alternatives.Count}]") is { } refusal)
                return refusal;
            alternatives.Add(draft);
        }
        clause.Add(alternatives);
        return null;
    }

    private FilterRefusal? ReadCondition(JsonElement values, FilterPathDraft key, FilterClauseDraft clause, int depth, string place)
    {
        var reader = new ConditionReader(_budget);
        if (reader.Read(values, place) is { } refusal)
            return refusal;
        int conditionsMax = Math.Min(limits.ConditionsMax, FilterLimits.ConditionsMaxMax);
        if (_conditions == conditionsMax)
            return Excess($"Filter policy can not have more than {conditionsMax} keys with values", place);
        if (key.KeyIndex < 0)
        {
            key.KeyIndex = _keys.Count;
            _keys.Add(key);
        }
        FilterCondition condition = reader.Build(_conditions++, key.KeyIndex);
        key.Add(condition);
        clause.Add(condition, values.GetArrayLength(), depth);
        return null;
    }

    // In a body a dot joins names as nesting does: {"a.b": ...} and {"a": {"b": ...}} are the same, in policies and in messages (the service does so).
    private bool TryExtend(FilterPathDraft at, string name, out FilterPathDraft next)
    {
        next = at;
        string[] names = scope == FilterScope.Body ? name.Split('.') : [name];
        if (at.Depth + names.Length > limits.DepthMax)
            return false;
        foreach (string one in names)
            next = next.Extend(one);
        return true;
    }

    private static FilterRefusal Malformed(string reason, string place) => new(FilterRefusalKind.Malformed, reason, place);

    private static FilterRefusal Excess(string reason, string place) => new(FilterRefusalKind.LimitExceeded, reason, place);
}
