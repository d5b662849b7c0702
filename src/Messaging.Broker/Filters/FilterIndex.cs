using System.Collections.Immutable;

namespace Messaging.Broker.Filters;

/// <summary>
/// Finds, of many policies of one scope, those that match a message, without asking all of them: a policy with an anchor is asked only when the message says one
/// of the anchor's texts; the others are asked always. One writer at a time, whom the caller sees to; readers of any thread at the same time, without a lock.
/// A change costs O(log n); a reader meanwhile finds the policy or does not, and never one that was removed before it began.
/// </summary>
public sealed class FilterIndex<T>(FilterScope scope)
    where T : notnull
{
    private readonly AnchorTable<Entry> _anchored = new();

    // Replaced by the writer as a whole.
    private volatile ImmutableHashSet<Entry> _always = [];
    private volatile int _anchoredCount;

    /// <summary>Has the policy found, and <paramref name="item"/> with it. Adding the same again changes nothing.</summary>
    public void Add(FilterPolicy policy, T item)
    {
        Invariant.Check(policy.Scope == scope, "A filter policy was added to the index of another scope.");
        var entry = new Entry(policy, item);
        if (policy.Anchor is not { } anchor)
        {
            _always = _always.Add(entry);
            return;
        }

        // Before it is there: who finds none does not look.
        _anchoredCount++;
        _anchored.Add(anchor, entry);
    }

    /// <summary>Takes back what was added with the same policy object and an equal item; false when it was not there.</summary>
    public bool Remove(FilterPolicy policy, T item)
    {
        var entry = new Entry(policy, item);
        if (policy.Anchor is { } anchor)
        {
            bool wasThere = _anchored.Remove(anchor, entry);
            if (wasThere)
                _anchoredCount--;
            return wasThere;
        }
        ImmutableHashSet<Entry> before = _always;
        _always = before.Remove(entry);
        return before != _always;
    }

    /// <summary>Adds to <paramref name="matches"/> the items of all policies that match a message of these attributes. A set, as an array may lead to a policy twice.</summary>
    public void CollectAttributes<TAttributes>(in TAttributes attributes, HashSet<T> matches)
        where TAttributes : IFilterAttributes, allows ref struct
    {
        Invariant.Check(scope == FilterScope.Attributes, "An index of policies over bodies was asked about attributes.");
        var message = new AttributesMessage<TAttributes>(attributes);
        var asked = new AskedEntries<Entry>();
        for (int i = 0; i < attributes.Count; i++)
        {
            FilterAttribute attribute = attributes[i];
            if (_anchored.Find(attribute.Name) is not { } texts)
                continue;
            if (attribute.Kind == FilterValueKind.String)
                Ask(texts.Find(attribute.Value), message, ref asked, matches);
            else if (attribute.Kind == FilterValueKind.StringArray && JsonTokens.IsSound(attribute.Value, out JsonStep first) && first == JsonStep.OpenArray)
                AskElements(attribute.Value, texts, message, ref asked, matches);
        }
        AskAlways(message, matches);
    }

    /// <summary>The same for a message of this body. Of one that is not a JSON object there are none.</summary>
    public void CollectBody(ReadOnlySpan<byte> body, HashSet<T> matches)
    {
        Invariant.Check(scope == FilterScope.Body, "An index of policies over attributes was asked about a body.");
        if ((_anchoredCount == 0 && _always.IsEmpty) || !JsonTokens.IsSound(body, out JsonStep first) || first != JsonStep.OpenObject)
            return;
        var message = new BodyMessage(body);
        var asked = new AskedEntries<Entry>();
        using var leaves = new BodyLeaves(body, _anchored.PathBytesMax, stackalloc byte[JsonTokens.ScratchBytes]);
        while (leaves.MoveNext())
        {
            if (_anchored.Find(leaves.Path) is { } texts)
                Ask(texts.Find(leaves.Text), message, ref asked, matches);
        }
        AskAlways(message, matches);
    }

    private static void AskElements<TMessage>(
        ReadOnlySpan<byte> array, AnchorTexts<Entry> texts, in TMessage message, ref AskedEntries<Entry> asked, HashSet<T> matches)
        where TMessage : IMessage, allows ref struct
    {
        using var elements = new ArrayElements(array, stackalloc byte[JsonTokens.ScratchBytes]);
        while (elements.MoveNext())
        {
            if (elements.Current.Kind == ScalarKind.Text)
                Ask(texts.Find(elements.Current.Text), message, ref asked, matches);
        }
    }

    // A policy is asked once, however often the message says its texts: each time costs as much as the message is large.
    private static void Ask<TMessage>(ImmutableHashSet<Entry>? entries, in TMessage message, ref AskedEntries<Entry> asked, HashSet<T> matches)
        where TMessage : IMessage, allows ref struct
    {
        if (entries is null || !asked.Add(entries))
            return;
        foreach (Entry entry in entries)
        {
            if (entry.Policy.IsAnchorAll)
                matches.Add(entry.Item);
            else if (entry.Policy.Anchor!.Values.Count == 1)
                AskOne(entry, message, matches);
            else if (!matches.Contains(entry.Item) && !asked.HasRefused(entry) && !AskOne(entry, message, matches))
                asked.Refuse(entry);
        }
    }

    private void AskAlways<TMessage>(in TMessage message, HashSet<T> matches)
        where TMessage : IMessage, allows ref struct
    {
        foreach (Entry entry in _always)
            AskOne(entry, message, matches);
    }

    private static bool AskOne<TMessage>(Entry entry, in TMessage message, HashSet<T> matches)
        where TMessage : IMessage, allows ref struct
    {
        bool isMatch = message.Matches(entry.Policy);
        if (isMatch)
            matches.Add(entry.Item);
        return isMatch;
    }

    private interface IMessage
    {
        bool Matches(FilterPolicy policy);
    }

    private readonly ref struct BodyMessage(ReadOnlySpan<byte> body) : IMessage
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public bool Matches(FilterPolicy policy) => policy.MatchesBody(_body);
    }

    private readonly ref struct AttributesMessage<TAttributes>(TAttributes attributes) : IMessage
        where TAttributes : IFilterAttributes, allows ref struct
    {
        private readonly TAttributes _attributes = attributes;

        public bool Matches(FilterPolicy policy) => policy.MatchesAttributes(_attributes);
    }

    private sealed record Entry(FilterPolicy Policy, T Item);
}
