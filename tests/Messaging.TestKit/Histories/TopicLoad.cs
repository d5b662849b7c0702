namespace Messaging.TestKit.Histories;

/// <summary>
/// Clients that work on one topic, and on the queue of a pipeline into it, until the server is gone, and go on with the next server where they were: producers with and without numbers, with
/// transactions, pipelines, and readers that follow the end and look back. Seeded; the schedule is the machine's.
/// </summary>
internal sealed class TopicLoad(string topic, string queue, TopicHistory history, TimeProvider clock, int seed)
{
    public const int Partitions = 3;

    private const int BodyBytesMax = 120;
    private const int PlainRecordsMax = 8;
    private const int PageMax = 50;

    private readonly CountingProducer[] _counting = [.. Enumerable.Range(0, 2).Select(number => new CountingProducer($"counting{number}", Partitions, seed + number))];
    private readonly TransactingProducer[] _transacting = [.. Enumerable.Range(0, 2).Select(number => new TransactingProducer($"transacting{number}", Partitions, seed + 10 + number))];
    private readonly TopicPipeline[] _pipelines = [.. Enumerable.Range(0, 2).Select(number => new TopicPipeline($"input{number}", queue, history, clock, seed + 20 + number))];
    private readonly long[] _orders = new long[2];
    private readonly long[][] _places = [new long[Partitions], new long[Partitions]];
    private int _round;

    public static byte[] Body(string key, Random random) => MessageBodies.MakeText(key, random.Next(BodyBytesMax), random);

    public async Task CreateAsync(Uri server)
    {
        using var messages = new QueueClient(server, queue);
        using var client = new TopicClient(server, topic);
        await messages.PutAsync();
        await client.PutAsync(Partitions);
    }

    /// <summary>All of them, until the server is gone; ends when each has ended, with the first error of the test itself.</summary>
    public Task RunAsync(Uri server)
    {
        int roundSeed = seed + (100 * ++_round);
        return Task.WhenAll(
        [
            .. _counting.Select(producer => WithAsync(server, producer.RunAsync)),
            .. _transacting.Select(producer => WithAsync(server, producer.RunAsync)),
            .. _pipelines.Select(pipeline => WithAsync(server, client => pipeline.RunAsync(server, client))),
            .. Enumerable.Range(0, _orders.Length).Select(number => WithAsync(server, client => PublishAsync(client, number, new Random(roundSeed + number)))),
            .. Enumerable.Range(0, _places.Length).Select(number => WithAsync(server, client => ReadAsync(client, _places[number], number == 0, new Random(roundSeed + 10 + number)))),
        ]);
    }

    /// <summary>Once, with the last server: what has no answer is sent again, what is open is ended, what is left in the pipeline comes out.</summary>
    public async Task FinishAsync(Uri server)
    {
        using var client = new RecordedTopic(server, topic, history, clock);
        foreach (CountingProducer producer in _counting) await producer.FinishAsync(client);
        foreach (TransactingProducer producer in _transacting) await producer.ReplaceAsync(client);
        foreach (TopicPipeline pipeline in _pipelines) await pipeline.DrainAsync(server, client);
    }

    private Task WithAsync(Uri server, Func<RecordedTopic, Task> run) => Task.Run(
        async () =>
        {
            using var client = new RecordedTopic(server, topic, history, clock);
            await run(client);
        },
        CancellationToken.None);

    // Without a producer's id; by key, or to the partition that it names.
    private async Task PublishAsync(RecordedTopic client, int number, Random random)
    {
        bool goesOn = true;
        while (goesOn)
        {
            var records = new List<TopicRecord>();
            for (int count = random.Next(1, PlainRecordsMax + 1); records.Count < count;)
            {
                string key = $"plain{number}-{_orders[number] + records.Count}";
                records.Add(new TopicRecord(key, Body(key, random), random.Next(2) == 0 ? random.Next(Partitions) : null));
            }

            goesOn = await client.PublishAsync($"plain{number}", _orders[number], records) is not null;
            _orders[number] += records.Count;
        }
    }

    // Follows the end, over restarts too, and looks back at any place in between.
    private static async Task ReadAsync(RecordedTopic client, long[] places, bool isCommitted, Random random)
    {
        while (true)
        {
            int partition = random.Next(Partitions);
            int limit = random.Next(1, PageMax + 1);
            if (await client.FetchAsync(partition, places[partition], limit, isCommitted, waitSeconds: random.Next(2)) is not { } page) return;
            places[partition] = page.NextOffset;
            if (await client.FetchAsync(partition, random.NextInt64(page.HighWatermark + 1), limit, isCommitted) is null) return;
        }
    }
}
