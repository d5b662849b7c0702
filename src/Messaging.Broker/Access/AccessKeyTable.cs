using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Access;

/// <summary>
/// The access keys by their ids. Changed inside the sequencer or by recovery; looked up by anyone without a lock. Hot path: every call of closed mode looks.
/// </summary>
internal sealed class AccessKeyTable
{
    private readonly ConcurrentDictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);

    public int Count => _keys.Count;

    /// <summary>In the order of their ids.</summary>
    public AccessKey[] All => [.. _keys.Values.OrderBy(static key => key.Id, StringComparer.Ordinal)];

    public bool TryGet(string id, [NotNullWhen(true)] out AccessKey? key) => _keys.TryGetValue(id, out key);

    public void ApplyPut(AccessKey key) => _keys[key.Id] = key;

    public void ApplyDeleted(string id) => _keys.TryRemove(id, out _);

    /// <summary>The part of the snapshot.</summary>
    public void Write(ref BufferEntryWriter writer)
    {
        AccessKey[] keys = All;
        writer.Unsigned(keys.Length);
        foreach (AccessKey key in keys) Write(ref writer, key);
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--) ApplyPut(Read(ref reader));
    }

    public static void Write(ref BufferEntryWriter writer, AccessKey key)
    {
        Text(ref writer, key.Id);
        Text(ref writer, key.Secret);
        Text(ref writer, key.Account.Value);
    }

    public static AccessKey Read(ref EntryReader reader)
    {
        string id = Text(ref reader);
        string secret = Text(ref reader);
        return AccountId.TryParse(Text(ref reader), out AccountId account) ? new AccessKey(id, secret, account) : throw EntryReader.Malformed();
    }

    public static void Text(ref BufferEntryWriter writer, string text) => writer.Bytes(Encoding.ASCII.GetBytes(text));

    public static string Text(ref EntryReader reader) => Encoding.ASCII.GetString(reader.Bytes());
}
