using Messaging.TestKit.Traces;

namespace Messaging.TestKit.Histories;

/// <summary>
/// Clients with a queue of their own each, that send, receive, extend or release, and acknowledge in turn, one call at a time: what
/// <see cref="WireChecker"/> can hold against the journal. Messages that a failure leaves behind stay in the queues.
/// </summary>
internal sealed class CycleLoad(Uri server, int clients, ClientHistory history, TimeProvider clock, int seed)
{
    private const int BodyBytesMax = 2_000;
    private const int LeaseSeconds = 4;

    public IEnumerable<string> Queues => Enumerable.Range(0, clients).Select(number => $"cycle-{number}");

    public async Task CreateQueuesAsync()
    {
        foreach (string queue in Queues)
        {
            using var client = new QueueClient(server, queue);
            await client.PutAsync();
        }
    }

    /// <summary>Ends when the server is gone, or after so many turns.</summary>
    public Task RunAsync(int turns) =>
        Task.WhenAll(Queues.Select((queue, number) => Task.Run(() => CycleAsync(queue, number, turns), CancellationToken.None)));

    public async Task DrainAsync()
    {
        foreach (string queue in Queues)
            await QueueDrain.RunAsync(server, queue, history, clock);
    }

    private async Task CycleAsync(string queue, int number, int turns)
    {
        var random = new Random(seed + number);
        using var client = new RecordedQueue(server, queue, history, clock);
        for (int turn = 0; turn < turns; turn++)
        {
            string key = $"marker-{seed}-{number}-{turn}-";
            if (!await client.SendAsync([(key, MessageBodies.MakeText(key, random.Next(BodyBytesMax), random), 0)], raw: random.Next(3) == 0)) return;
            if (await client.ReceiveAsync(10, waitSeconds: 0, LeaseSeconds) is not { } deliveries) return;
            if (deliveries.Count == 0) continue;
            bool goesOn = random.Next(6) switch
            {
                0 => await client.ReleaseAsync(deliveries[0], 0),
                1 => await client.ExtendAsync(deliveries[0], LeaseSeconds) && await client.AcknowledgeAsync(deliveries),
                _ => await client.AcknowledgeAsync(deliveries),
            };
            if (!goesOn) return;
        }
    }
}
