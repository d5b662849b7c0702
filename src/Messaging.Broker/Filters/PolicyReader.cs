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

    public int Conditions => _conditions;

    /// <summary>The places that keys lead to, by their numbers.</summary>
    public IReadOnlyList<FilterPathDraft> Keys => _keys;

    public FilterPathDraft Root => _root;

    /// <summary>Null with the logic, or why there is none.</summary>
    public FilterRefusal? Read(JsonElement json, out FilterClause logic)
    {
        FilterRefusal? refusal = ReadObject(json, _root, _policy, depth: 1, isChoice: false);
        logic = _policy.Build();
        if (refusal is not null)
            return refusal;
        if (json.GetPropertyCount() > limits.KeysMax)
            return FilterRefusal.Excess($"Filter policy can not have more than {limits.KeysMax} keys");
        if (scope == FilterScope.Attributes && FindNested(json) is { } nested)
            return nested;
        if (_policy.Combinations > limits.CombinationsMax)
            return FilterRefusal.Excess("Filter policy is too complex");
        return logic.FindRepeated([]) is { } repeated
            ? FilterRefusal.Malformed($"Path `{_keys[repeated.KeyIndex].Name()}` cannot be allowed multiple times")
            : null;
    }

    private FilterRefusal? ReadObject(JsonElement json, FilterPathDraft at, FilterClauseDraft clause, int depth, bool isChoice)
    {
        bool isEmpty = true;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            isEmpty = false;
            if (ReadMember(member, at, clause, depth, isChoice) is { } refusal)
                return refusal.Within(member.Name);
        }
        return isEmpty ? FilterRefusal.Malformed("Empty objects are not allowed") : null;
    }

    private FilterRefusal? ReadMember(JsonProperty member, FilterPathDraft at, FilterClauseDraft clause, int depth, bool isChoice)
    {
        if (member.Name == FilterOperators.Or && member.Value.ValueKind == JsonValueKind.Array && IsChoice(member.Value))
            return ReadChoice(member.Value, at, clause, depth);
        if (isChoice && FilterOperators.Reserved.Contains(member.Name))
            return FilterRefusal.Malformed($"{member.Name} is a reserved name, which cannot be used inside $or.");
        if (member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return FilterRefusal.Malformed($"\"{member.Name}\" must be an object or an array");
        if (!TryExtend(at, member.Name, out FilterPathDraft next))
            return FilterRefusal.Excess($"Filter policy can not nest keys deeper than {limits.DepthMax}");
        return member.Value.ValueKind == JsonValueKind.Array
            ? ReadCondition(member.Value, next, clause, depth)
            : ReadObject(member.Value, next, clause, depth + 1, isChoice);
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

    private FilterRefusal? ReadChoice(JsonElement list, FilterPathDraft at, FilterClauseDraft clause, int depth)
    {
        if (list.GetArrayLength() < 2)
            return FilterRefusal.Malformed("There must have at least 2 Objects in $or relationship.");
        var alternatives = new List<FilterClauseDraft>();
        foreach (JsonElement alternative in list.EnumerateArray())
        {
            var draft = new FilterClauseDraft();
            if (ReadObject(alternative, at, draft, depth, isChoice: true) is { } refusal)
                return refusal.Within($"[{alternatives.Count}]");
            alternatives.Add(draft);
        }
        clause.Add(alternatives);
        return null;
    }

    private FilterRefusal? ReadCondition(JsonElement values, FilterPathDraft key, FilterClauseDraft clause, int depth)
    {
        var reader = new ConditionReader(_budget);
        if (reader.Read(values) is { } refusal)
            return refusal;
        int conditionsMax = Math.Min(limits.ConditionsMax, FilterLimits.ConditionsMaxMax);
        if (_conditions == conditionsMax)
            return FilterRefusal.Excess($"Filter policy can not have more than {conditionsMax} keys with values");
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

    // The first key with keys below it; the policy is read, and nothing else is wrong with it.
    private static FilterRefusal? FindNested(JsonElement json)
    {
        foreach (JsonProperty member in json.EnumerateObject())
        {
            FilterRefusal? nested = member.Value.ValueKind == JsonValueKind.Object
                ? new FilterRefusal(FilterRefusalKind.NestedInAttributes, "Filter policy scope MessageAttributes does not support nested filter policy", "")
                : member.Name == FilterOperators.Or && IsChoice(member.Value) ? FindNestedInChoice(member.Value) : null;
            if (nested is not null)
                return nested.Within(member.Name);
        }
        return null;
    }

    private static FilterRefusal? FindNestedInChoice(JsonElement list)
    {
        int index = 0;
        foreach (JsonElement alternative in list.EnumerateArray())
        {
            if (FindNested(alternative) is { } nested)
                return nested.Within($"[{index}]");
            index++;
        }
        return null;
    }
}
