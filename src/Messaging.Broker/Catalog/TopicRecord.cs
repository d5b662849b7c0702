using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What the catalog stores of one topic. Immutable. <see cref="CatalogEntryKind"/> has the byte table.</summary>
/// <param name="Streams">The streams of its partitions, in the order of their numbers.</param>
/// <param name="Key">The topic.</param>
/// <param name="Definition">Its partitions are as many as its streams.</param>
/// <param name="CreatedVersion">The catalog's version at which it was created.</param>
/// <param name="Version">The version of its latest change.</param>
/// <param name="CreatedMs">Milliseconds since 1970.</param>
/// <param name="ModifiedMs">Milliseconds since 1970.</param>
internal sealed record TopicRecord(
    IReadOnlyList<StreamRun> Streams, TopicKey Key, TopicDefinition Definition, long CreatedVersion, long Version, long CreatedMs, long ModifiedMs)
{
    /// <summary>What its id is made of.</summary>
    public long FirstStreamId => Streams[0].First;

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(Streams.Count);
        foreach (StreamRun run in Streams)
        {
            writer.Unsigned(run.First);
            writer.Unsigned(run.Count);
        }

        DefinitionFields.Text(ref writer, Key.Account.Value);
        DefinitionFields.Text(ref writer, Key.Namespace.Value);
        DefinitionFields.Text(ref writer, Key.Name.Value);
        writer.Unsigned(CreatedVersion);
        writer.Unsigned(Version);
        writer.Unsigned(CreatedMs);
        writer.Unsigned(ModifiedMs);
        TopicFields.Write(ref writer, Definition);
    }

    public static TopicRecord Read(ref EntryReader reader)
    {
        var streams = new StreamRun[reader.Int32()];
        for (int i = 0; i < streams.Length; i++) streams[i] = new StreamRun(reader.Unsigned(), reader.Int32());
        TopicKey key = ReadKey(ref reader);
        (long createdVersion, long version, long created, long modified) = (reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), reader.Unsigned());
        TopicDefinition definition = TopicFields.Read(ref reader);
        if (streams.Length == 0 || streams.Sum(run => (long)run.Count) != definition.Partitions) throw EntryReader.Malformed();
        return new TopicRecord(streams, key, definition, createdVersion, version, created, modified);
    }

    public static TopicKey ReadKey(ref EntryReader reader) =>
        AccountId.TryParse(DefinitionFields.Text(ref reader), out AccountId account)
        && NamespaceName.TryParse(DefinitionFields.Text(ref reader), out NamespaceName space)
        && TopicName.TryParse(DefinitionFields.Text(ref reader), out TopicName name)
            ? new TopicKey(account, space, name)
            : throw EntryReader.Malformed();
}

/// <summary>Streams whose ids follow each other: those of the partitions that one change has made.</summary>
internal readonly record struct StreamRun(long First, int Count)
{
    /// <summary>The runs of these ids, in their order.</summary>
    public static List<StreamRun> Of(IEnumerable<long> streamIds)
    {
        var runs = new List<StreamRun>();
        foreach (long id in streamIds)
        {
            if (runs.Count > 0 && runs[^1].First + runs[^1].Count == id) runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            else runs.Add(new StreamRun(id, 1));
        }

        return runs;
    }
}
