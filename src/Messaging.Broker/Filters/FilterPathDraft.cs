using System.Text;

namespace Messaging.Broker.Filters;

/// <summary>A node of the trie of paths while a policy is read. Used by one thread.</summary>
internal sealed class FilterPathDraft
{
    private readonly FilterPathDraft? _parent;
    private readonly string _name;
    private readonly Dictionary<string, FilterPathDraft> _next = new(StringComparer.Ordinal);
    private readonly List<FilterCondition> _conditions = [];

    private FilterPathDraft(FilterPathDraft? parent, string name)
    {
        _parent = parent;
        _name = name;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>How many names lead here.</summary>
    public int Depth { get; }

    /// <summary>Its number among the places that keys lead to; negative so far for one that they only lead through.</summary>
    public int KeyIndex { get; set; } = -1;

    public static FilterPathDraft CreateRoot() => new(null, "");

    /// <summary>The place that the name leads to.</summary>
    public FilterPathDraft Extend(string name)
    {
        if (!_next.TryGetValue(name, out FilterPathDraft? next))
            _next.Add(name, next = new FilterPathDraft(this, name));
        return next;
    }

    public void Add(FilterCondition condition) => _conditions.Add(condition);

    /// <summary>The names that lead here, joined by dots.</summary>
    public string Name() => _parent is null or { _parent: null } ? _name : $"{_parent.Name()}.{_name}";

    /// <summary>Adds the nodes from here on, this one first, and answers its number.</summary>
    public int Freeze(List<FilterPath?> nodes)
    {
        int index = nodes.Count;
        nodes.Add(null);
        byte[][] names = new byte[_next.Count][];
        int[] next = new int[_next.Count];
        int place = 0;
        foreach ((string name, FilterPathDraft node) in _next)
        {
            names[place] = Encoding.UTF8.GetBytes(name);
            next[place++] = node.Freeze(nodes);
        }
        nodes[index] = new FilterPath(KeyIndex, new Utf8Set(names), next, [.. _conditions]);
        return index;
    }
}
