using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Documents;

/// <summary>All documents, in memory. Belongs to the sequencer, or to recovery. A change costs the logarithm of how many there are of its kind.</summary>
internal sealed class DocumentTable
{
    private readonly Dictionary<Shelf, SortedSet<string>> _names = [];
    private readonly Dictionary<DocumentKey, string> _texts = [];

    public int Count => _texts.Count;

    public string? Find(in DocumentKey key) => _texts.GetValueOrDefault(key);

    public void ApplyPut(in DocumentKey key, string text)
    {
        if (!_names.TryGetValue(Shelf.Of(key), out SortedSet<string>? names)) _names[Shelf.Of(key)] = names = new SortedSet<string>(StringComparer.Ordinal);
        names.Add(key.Name);
        _texts[key] = text;
    }

    public void ApplyDeleted(in DocumentKey key)
    {
        if (!_texts.Remove(key)) return;
        SortedSet<string> names = _names[Shelf.Of(key)];
        names.Remove(key.Name);
        if (names.Count == 0) _names.Remove(Shelf.Of(key));
    }

    /// <summary>Those of the key's kind whose names begin with its name, after another one (exclusive, or null), and whether more follow.</summary>
    public (List<Document> Page, bool More) Page(in DocumentKey prefix, string? after, int size)
    {
        var page = new List<Document>();
        if (!_names.TryGetValue(Shelf.Of(prefix), out SortedSet<string>? names)) return (page, false);
        string from = after is null || string.CompareOrdinal(after, prefix.Name) < 0 ? prefix.Name : after;
        if (string.CompareOrdinal(from, names.Max) > 0) return (page, false);
        foreach (string name in names.GetViewBetween(from, names.Max))
        {
            if (!name.StartsWith(prefix.Name, StringComparison.Ordinal)) break;
            if (name == after) continue;
            if (page.Count == size) return (page, true);
            page.Add(new Document(name, _texts[prefix with { Name = name }]));
        }

        return (page, false);
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(_texts.Count);
        foreach ((DocumentKey key, string text) in _texts)
        {
            Write(ref writer, key);
            Text(ref writer, text);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--) ApplyPut(Read(ref reader), Text(ref reader));
    }

    public static void Write(ref BufferEntryWriter writer, in DocumentKey key)
    {
        Text(ref writer, key.Account.Value);
        Text(ref writer, key.Namespace.Value);
        Text(ref writer, key.Kind);
        Text(ref writer, key.Name);
    }

    public static DocumentKey Read(ref EntryReader reader)
    {
        bool isAccount = AccountId.TryParse(Text(ref reader), out AccountId account);
        bool isNamespace = NamespaceName.TryParse(Text(ref reader), out NamespaceName space);
        return isAccount && isNamespace ? new DocumentKey(account, space, Text(ref reader), Text(ref reader)) : throw EntryReader.Malformed();
    }

    public static void Text(ref BufferEntryWriter writer, string text) => writer.Bytes(Encoding.UTF8.GetBytes(text));

    public static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());

    private readonly record struct Shelf(AccountId Account, NamespaceName Namespace, string Kind)
    {
        public static Shelf Of(in DocumentKey key) => new(key.Account, key.Namespace, key.Kind);
    }
}
