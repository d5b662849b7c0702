using System.Globalization;
using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.Topics;

/// <summary>Whether a topic is there, as far as clients know.</summary>
internal enum Presence
{
    Gone,

    /// <summary>Its creation or deletion was asked for, and not answered.</summary>
    Unknown,

    There,
}

/// <summary>What clients know of one topic; a later one of its name is another one.</summary>
internal sealed class TopicLedger(TopicWorld world, TopicKey key, TopicDefinition definition)
{
    private const string IdHeader = "id";

    public TopicKey Key => key;

    public TopicDefinition Definition { get; set; } = definition;

    public Presence Presence { get; set; } = Presence.Unknown;

    /// <summary>A deletion was asked for: calls may find nothing.</summary>
    public bool IsDoomed { get; set; }

    public List<PartitionLedger> Partitions { get; } = [];

    public bool IsCompacted => Definition.IsCompacted;

    public long TombstoneMs => Definition.TombstoneSeconds * 1_000L;

    public long? RetentionMs => Definition.IsTrimmed ? Definition.RetentionSeconds * 1_000L : null;

    public override string ToString() => $"topic {key.Name}";

    public void Grow(int partitions)
    {
        while (Partitions.Count < partitions)
        {
            Partitions.Add(new PartitionLedger(this, Partitions.Count));
        }
    }

    /// <summary>The record that carries these headers.</summary>
    public SentRecord? Find(FetchedHeaderEnumerator headers)
    {
        while (headers.MoveNext())
        {
            if (headers.Name.SequenceEqual(Encoding.UTF8.GetBytes(IdHeader)))
            {
                return world.Records.GetValueOrDefault(int.Parse(Encoding.UTF8.GetString(headers.Value), CultureInfo.InvariantCulture));
            }
        }

        return null;
    }

    public static OutgoingRecord Outgoing(SentRecord record, int partition, int? sequence = null) => new()
    {
        Key = record.Key is { } text ? Encoding.UTF8.GetBytes(text) : (ReadOnlyMemory<byte>?)null,
        Value = record.Value is { } value ? value : (ReadOnlyMemory<byte>?)null,
        Headers = [new RecordHeader(IdHeader, Encoding.UTF8.GetBytes(record.Id.ToString(CultureInfo.InvariantCulture)))],
        Partition = partition,
        Sequence = sequence,
    };
}
