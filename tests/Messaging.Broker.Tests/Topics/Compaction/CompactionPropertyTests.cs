using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Topics.Compaction;

/// <summary>Compaction against a naive model, over random histories with crashes, stops and trims between its steps.</summary>
public sealed class CompactionPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Exactly_the_latest_of_each_key_is_left(int seed)
    {
        var random = new Random(seed);
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Cleanup = TopicCleanup.Compact, TombstoneSeconds = 64 });
        var model = new Model();
        ProducerIdentity producer = await harness.Init("pay");
        for (int turn = 0; turn < 12; turn++)
        {
            for (int call = random.Next(8); call > 0; call--) producer = await Change(harness, topic, model, random, producer);
            for (int steps = random.Next(4); steps > 0; steps--) await harness.Broker.CompactAsync(bytes: 1, force: true);
            if (random.Next(3) == 0) harness.Kill();
            else if (random.Next(3) == 0) await harness.Restart();
            model.Judge(await CompactionTests.All(harness, topic));
            if (random.Next(2) > 0) continue;
            await harness.Broker.CompactAsync(force: true);
            model.JudgeCompacted(await CompactionTests.All(harness, topic), harness.NowMs);
            Assert.Equal(model.Low, (await harness.Offsets(topic)).Low);
            if (random.Next(3) == 0) harness.Advance(random.Next(100));
        }
    }

    private static async Task<ProducerIdentity> Change(BrokerHarness harness, TopicKey topic, Model model, Random random, ProducerIdentity producer)
    {
        string[] records = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"k{random.Next(6)}={(random.Next(5) == 0 ? "" : $"{random.Next(1_000)}")}")];
        switch (random.Next(8))
        {
            case 0:
                long high = (await harness.Offsets(topic)).HighWatermark;
                model.Low = Math.Min(high, model.Low + random.Next(10));
                Assert.True((await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, model.Low, default)).IsOk);
                return producer;
            case 1 or 2:
                bool isCommit = random.Next(2) == 0;
                await harness.Begin(producer);
                await CompactionTests.PutIn(harness, topic, producer, records);
                model.Add(records, isAborted: !isCommit);
                producer = await harness.End(producer, isCommit);
                model.AddMarker();
                return producer;
            case 3:
                await CompactionTests.PutBatch(harness, topic, RecordCompression.Gzip, records);
                model.Add(records);
                return producer;
            default:
                await CompactionTests.Put(harness, topic, records);
                model.Add(records);
                return producer;
        }
    }

    /// <summary>All that was ever published, by offset.</summary>
    private sealed class Model
    {
        private readonly List<Entry> _entries = [];

        public long Low { get; set; }

        public void Add(string[] records, bool isAborted = false)
        {
            int first = _entries.Count;
            foreach (string record in records) _entries.Add(new Entry(record, first, isAborted));
        }

        public void AddMarker() => _entries.Add(new Entry(null, _entries.Count, false));

        /// <summary>At any time: nothing but what was published, in order, and of each key the latest record, unless it is a tombstone.</summary>
        public void Judge(string[] shown)
        {
            Assert.Equal(shown.Select(Offset).Order().Distinct(), shown.Select(Offset));
            Assert.All(shown, record => Assert.Equal($"{Offset(record)}:{_entries[(int)Offset(record)].Text}", record));
            HashSet<long> offsets = [.. shown.Select(Offset)];
            Assert.All(Living().Where(offset => !_entries[offset].IsTombstone), offset => Assert.Contains(offset, offsets));
        }

        /// <summary>After compaction: of what is before the head nothing but that; a tombstone may be there or have gone.</summary>
        public void JudgeCompacted(string[] shown, long nowMs)
        {
            Judge(shown);
            HashSet<int> living = [.. Living()];
            foreach (string record in shown)
            {
                int offset = (int)Offset(record);
                bool isHead = _entries[^1].First == _entries[offset].First;
                Assert.True(isHead || living.Contains(offset), $"{record} has a later one, or was aborted");
            }

            // A tombstone that was met stays for its time, and no longer than a 32nd of it more once compaction has run.
            foreach (int offset in living.Where(offset => _entries[offset].IsTombstone && _entries[^1].First != _entries[offset].First))
            {
                bool isShown = shown.Any(record => Offset(record) == offset);
                if (_entries[offset].MetMs == 0) _entries[offset] = _entries[offset] with { MetMs = nowMs };
                long age = nowMs - _entries[offset].MetMs;
                if (isShown) Assert.True(age <= 66_000, $"the tombstone {offset} is {age} ms old");
                else Assert.True(age >= 64_000, $"the tombstone {offset} has gone after {age} ms");
            }
        }

        // The latest of each key before the head, which supersedes nothing, and the head.
        private IEnumerable<int> Living()
        {
            int head = _entries.Count == 0 ? 0 : _entries[^1].First;
            var latest = new Dictionary<string, int>();
            for (int offset = 0; offset < head; offset++)
            {
                if (_entries[offset] is { Text: { } text, IsAborted: false }) latest[text.Split('=')[0]] = offset;
            }

            for (int offset = head; offset < _entries.Count; offset++)
            {
                if (_entries[offset].Text is not null) latest[$"head {offset}"] = offset;
            }

            return latest.Values.Where(offset => offset >= Low);
        }

        private static long Offset(string shown) => long.Parse(shown.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

        private sealed record Entry(string? Text, int First, bool IsAborted)
        {
            public long MetMs { get; init; }

            public bool IsTombstone => Text?.EndsWith('=') == true;
        }
    }
}
