namespace Messaging.TestKit.Histories;

/// <summary>
/// Senders and receivers that work on one queue until they are told to stop or the server is gone: singles, batches and raw bodies,
/// delays; acknowledgements, releases with and without delay, extensions, and leases that nobody ends. Seeded; the schedule is the machine's.
/// </summary>
internal sealed class QueueLoad(Uri server, string queue, ClientHistory history, TimeProvider clock, int seed)
{
    private const int BatchMax = 8;
    private const int DelaySecondsMax = 2;
    private const int LeaseSecondsMax = 3;

    /// <summary>All of them; ends when each has ended, with the first error of the test itself.</summary>
    public Task RunAsync(int senders, int receivers, CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, senders).Select(number => Task.Run(() => SendAsync(number, stop), CancellationToken.None))
            .Concat(Enumerable.Range(senders, receivers).Select(number => Task.Run(() => ReceiveAsync(number, stop), CancellationToken.None))));

    private async Task SendAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed + number);
        using var client = new RecordedQueue(server, queue, history, clock);
        for (int sent = 0; !stop.IsCancellationRequested;)
        {
            int count = random.Next(3) == 0 ? random.Next(2, BatchMax + 1) : 1;
            var messages = new List<(string, byte[], int)>();
            for (; messages.Count < count; sent++)
            {
                string key = $"{seed}-{number}-{sent}";
                messages.Add((key, MessageBodies.Make(key, random), random.Next(8) == 0 ? random.Next(1, DelaySecondsMax + 1) : 0));
            }

            if (!await client.SendAsync(messages, raw: count == 1 && random.Next(4) == 0)) return;
        }
    }

    private async Task ReceiveAsync(int number, CancellationToken stop)
    {
        var random = new Random(seed + number);
        using var client = new RecordedQueue(server, queue, history, clock);
        while (!stop.IsCancellationRequested)
        {
            IReadOnlyList<Delivery>? deliveries = await client.ReceiveAsync(random.Next(1, 11), waitSeconds: 1, random.Next(1, LeaseSecondsMax + 1));
            if (deliveries is null || !await SettleAsync(client, deliveries, random)) return;
        }
    }

    private static async Task<bool> SettleAsync(RecordedQueue client, IReadOnlyList<Delivery> deliveries, Random random)
    {
        var done = new List<Delivery>();
        foreach (Delivery delivery in deliveries)
        {
            bool goesOn = random.Next(20) switch
            {
                0 => await client.ReleaseAsync(delivery, random.Next(2)),
                1 => await client.ExtendAsync(delivery, random.Next(1, LeaseSecondsMax + 1)),
                // Nobody ends this lease but its deadline.
                2 => true,
                _ => Keep(delivery),
            };
            if (!goesOn) return false;
        }

        return done.Count == 0 || await client.AcknowledgeAsync(done);

        bool Keep(Delivery delivery)
        {
            done.Add(delivery);
            return true;
        }
    }
}
