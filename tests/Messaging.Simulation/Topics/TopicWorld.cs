using Messaging.Simulation.Broker;
using Messaging.Simulation.Harness;

namespace Messaging.Simulation.Topics;

/// <summary>What the calls of one run share: the broker under test, and what clients know over its crashes.</summary>
internal sealed class TopicWorld(Random random, SimulationCoverage coverage)
{
    public BrokerWorld Base { get; } = new(random, coverage);

    public Random Random => random;

    public SimulationCoverage Coverage => coverage;

    /// <summary>The latest topic of each name.</summary>
    public List<TopicLedger> Topics { get; } = [];

    public List<SequenceClient> Producers { get; } = [];

    public List<TransactionClient> Transactions { get; } = [];

    /// <summary>All that was ever sent, by id.</summary>
    public Dictionary<int, SentRecord> Records { get; } = [];

    /// <summary>Some new records, mostly small.</summary>
    public SentRecord[] NewRecords(TopicLedger topic, SentTransaction? transaction = null, bool isForbidden = false)
    {
        var records = new SentRecord[random.Next(1, 5)];
        for (int i = 0; i < records.Length; i++)
        {
            bool hasKey = topic.IsCompacted || random.Next(2) == 0;
            byte[]? value = hasKey && random.Next(5) == 0 ? null : new byte[random.Next(10) == 0 ? random.Next(4_000) : random.Next(200)];
            random.NextBytes(value.AsSpan());
            records[i] = new SentRecord
            {
                Id = Records.Count, Key = hasKey ? $"k{random.Next(5)}" : null, Value = value, SentMs = Base.NowMs, Transaction = transaction, IsForbidden = isForbidden,
            };
            Records.Add(records[i].Id, records[i]);
        }

        return records;
    }
}
