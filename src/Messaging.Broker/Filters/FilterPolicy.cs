using System.Text;
using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>
/// Which messages a subscription wants: a filter policy of Amazon SNS, over attributes or over the body (docs/filters.md). Read and compiled once, matched many
/// times. Immutable, of any thread; a match allocates nothing and takes 3 KiB of the stack at most.
/// </summary>
public sealed class FilterPolicy
{
    private readonly FilterClause _logic;
    private readonly FilterPath[] _paths;
    private readonly int _conditions;
    private readonly int _words;

    private FilterPolicy(byte[] json, FilterScope scope, FilterClause logic, PolicyReader reader)
    {
        Json = json;
        Scope = scope;
        _logic = logic;
        _conditions = reader.Conditions;
        _words = FilterRun.Words(reader.Conditions, reader.Keys.Count);
        var paths = new List<FilterPath?>();
        reader.Root.Freeze(paths);
        _paths = [.. paths!];
        Anchor = FindAnchor(logic, reader.Keys);
        IsAnchorAll = Anchor is not null && logic is { Conditions.Length: 1, HasChoices: false };
    }

    /// <summary>The text that it was read from, as it came.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>What it looks at.</summary>
    public FilterScope Scope { get; }

    /// <summary>
    /// The key of plain texts only, not below $or, that has the fewest of them; null when there is no such key. A message without one of the texts does not match.
    /// </summary>
    public FilterAnchor? Anchor { get; }

    /// <summary>Whether a message that has the anchor matches.</summary>
    internal bool IsAnchorAll { get; }

    /// <summary>Reads a policy, which is <paramref name="field"/> of its caller's request. A refusal says <see cref="ErrorCode.InvalidValue"/>, what is wrong, and where.</summary>
    public static Result<FilterPolicy> Parse(ReadOnlySpan<byte> json, FilterScope scope, FilterLimits limits, string field) =>
        Parse(json, scope, limits, out FilterPolicy? policy) is { } refusal ? refusal.ToError(field) : policy!;

    /// <summary>The same for fronts that tell kinds of refusals apart: null with the policy, or why there is none.</summary>
    public static FilterRefusal? Parse(ReadOnlySpan<byte> json, FilterScope scope, FilterLimits limits, out FilterPolicy? policy)
    {
        policy = null;
        if (json.Length > limits.BytesMax)
            return FilterRefusal.Excess($"Filter policy can not have more than {limits.BytesMax} bytes");
        if (!JsonTokens.IsSound(json, out JsonStep first))
            return FilterRefusal.Malformed("failed to parse JSON.");
        if (first != JsonStep.OpenObject)
            return FilterRefusal.Malformed("Filter is not an object");
        byte[] bytes = json.ToArray();
        using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = FilterLimits.JsonDepthMax });
        var reader = new PolicyReader(scope, limits);
        if (reader.Read(document.RootElement, out FilterClause logic) is { } refusal)
            return refusal;
        policy = new FilterPolicy(bytes, scope, logic, reader);
        return null;
    }

    /// <summary>Whether a message of these attributes is wanted. The policy looks at attributes. Hot path.</summary>
    public bool MatchesAttributes<TAttributes>(in TAttributes attributes)
        where TAttributes : IFilterAttributes, allows ref struct
    {
        Invariant.Check(Scope == FilterScope.Attributes, "A filter policy over bodies was asked about attributes.");
        Span<ulong> words = stackalloc ulong[_words];
        words.Clear();
        var run = new FilterRun(words, _conditions);
        for (int i = 0; i < attributes.Count; i++)
        {
            FilterAttribute attribute = attributes[i];
            int at = _paths[FilterPath.Root].Find(attribute.Name);
            if (at != FilterPath.Elsewhere)
                AttributeWalk.Offer(attribute, _paths[at], run);
        }
        return _logic.Holds(run);
    }

    /// <summary>Whether a message of this body is wanted; never when it is not a JSON object. The policy looks at bodies. Hot path.</summary>
    public bool MatchesBody(ReadOnlySpan<byte> body)
    {
        Invariant.Check(Scope == FilterScope.Body, "A filter policy over attributes was asked about a body.");
        Span<ulong> words = stackalloc ulong[_words];
        words.Clear();
        var run = new FilterRun(words, _conditions);
        return BodyWalk.TryOffer(body, _paths, run) && _logic.Holds(run);
    }

    private static FilterAnchor? FindAnchor(FilterClause logic, IReadOnlyList<FilterPathDraft> keys)
    {
        FilterCondition? best = null;
        foreach (FilterCondition condition in logic.Conditions)
        {
            if (condition.TextsOnly is { } texts && (best is null || texts.Texts.Length < best.TextsOnly!.Texts.Length))
                best = condition;
        }
        return best is null ? null : new FilterAnchor(Encoding.UTF8.GetBytes(keys[best.KeyIndex].Name()), [.. Values(best.TextsOnly!)]);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Values(Utf8Set texts)
    {
        for (int i = 0; i < texts.Texts.Length; i++)
            yield return texts.Texts[i];
    }
}
