using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Broker.Tests.Queues;

/// <summary>What state costs in memory: bounds of engine.md section 8, on the pure state where the journal's and the disk's own memory don't blur it.</summary>
[Collection(nameof(QueueMemoryTests))]
[CollectionDefinition(nameof(QueueMemoryTests), DisableParallelization = true)]
public sealed class QueueMemoryTests
{
    private const int Million = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_million_messages_with_delays_of_their_own_cost_under_32_MB(int everyNth)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        var random = new Random(3);
        // All that was allocated, which is more than what is kept: other tests' pools are trimmed whenever the runtime likes, and blur the heap's size.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long i = 0; i < Million; i++) state.ApplyDelayed(i * everyNth, 1_000_000 + random.Next(100_000_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 16 * Million, 32 * Million);
        Assert.Equal(Million, state.Delayed);
    }

    [Fact]
    public async Task A_million_deduplication_ids_cost_under_128_MB_and_nothing_when_they_are_over()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        long before = Settled();
        for (long i = 0; i < Million; i++) state.OpenWindows().ApplyDeduplicated(new Hash128((ulong)i * 0x9E3779B97F4A7C15, (ulong)i), i, 1_000_000 + (i / 10));
        long full = Settled();
        state.Compact(2_000_000);
        long after = Settled();
        // Other tests' pools are trimmed whenever the runtime likes, which can only make one of the two differences larger.
        Assert.InRange(Math.Min(full - before, full - after), long.MinValue, 128 * Million);
        Assert.InRange(after - before, long.MinValue, Million);
    }

    [Fact]
    public async Task A_lease_that_is_extended_to_the_same_times_again_and_again_costs_no_memory()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        await broker.Receive(key, lease: 100);
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        long now = broker.NowMs;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++) state.ApplyExtended(0, now + 200_000 + (i % 2));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        broker.Advance(200);
        Assert.Equal(1, (await broker.Counts(key)).Leased);
        broker.Advance(1);
        Assert.Equal("a", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task Ten_thousand_idle_queues_cost_under_10_MB()
    {
        const int queues = 10_000;
        string few = Directory.CreateTempSubdirectory("messaging-").FullName;
        string many = Directory.CreateTempSubdirectory("messaging-").FullName;
        try
        {
            await Create(few, 1);
            await Create(many, queues);
            // Pairs, and their median: a broker that was just closed may linger through one collection, on either side of the difference.
            await Settled(many);
            var costs = new List<long>();
            for (int pair = 0; pair < 5; pair++)
            {
                await Settled(few);
                long before = await Settled(few);
                costs.Add(await Settled(many) - before);
            }

            costs.Sort();
            Assert.True(costs[2] is > 1 * Million and < 10 * Million, string.Join(", ", costs));
        }
        finally
        {
            Directory.Delete(few, recursive: true);
            Directory.Delete(many, recursive: true);
        }

        static async Task Create(string folder, int count)
        {
            await using MessageBroker broker = Open(folder);
            for (int i = 0; i < count; i += 500)
            {
                await Task.WhenAll(Enumerable.Range(i, Math.Min(500, count - i)).Select(number =>
                    broker.Queues.PutAsync(BrokerHarness.Key($"queue-{number}"), new QueueDefinition(), default).AsTask()));
            }
        }

        // A new process would not remember how the queues came to be: what is measured is a broker that finds them.
        static async Task<long> Settled(string folder)
        {
            await using MessageBroker broker = Open(folder);
            long settled = QueueMemoryTests.Settled();
            GC.KeepAlive(broker);
            return settled;
        }

        static MessageBroker Open(string folder) => MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions { Engine = BrokerHarness.SmallEngine() }, TimeProvider.System, NullLoggerFactory.Instance, _ => { });
    }

    [Fact]
    public async Task A_backlog_costs_nothing_per_message()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 900 });
        for (int i = 0; i < 20; i++) await broker.Send(key, [.. Enumerable.Repeat("m", 1_000)]);
        Assert.Equal(new QueueCounts(0, 0, 20_000), await broker.Counts(key));
        Assert.True(broker.Broker.QueueDirectory.TryGet(key, out LiveQueue? queue));
        var snapshot = new System.Buffers.ArrayBufferWriter<byte>();
        QueueSnapshot.Write(queue, snapshot);
        Assert.InRange(snapshot.WrittenCount, 1, 200);
    }

    private static long Settled()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
