namespace Messaging.TestKit.Histories;

/// <summary>Receives and acknowledges until the queue says that it has nothing left in any state.</summary>
internal static class QueueDrain
{
    private const int ReceiveMax = 500;
    private const int LeaseSeconds = 60;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">Something stayed.</exception>
    public static async Task RunAsync(Uri server, string queue, ClientHistory history, TimeProvider clock)
    {
        using var counts = new QueueClient(server, queue);
        using var client = new RecordedQueue(server, queue, history, clock);
        long began = clock.GetTimestamp();
        while (true)
        {
            IReadOnlyList<Delivery>? deliveries = await client.ReceiveAsync(ReceiveMax, waitSeconds: 1, LeaseSeconds);
            if (deliveries is null || client.Refused is not null)
                throw new InvalidOperationException("The server was lost, or refused, while its queue was drained.", client.Refused);
            if (deliveries.Count > 0)
                await client.AcknowledgeAsync(deliveries);
            else if (await counts.CountsAsync() is var left && left.All == 0)
                return;
            else if (clock.GetElapsedTime(began) > Timeout)
                throw new TimeoutException($"After {Timeout.TotalSeconds} s the queue still has {left}.");
        }
    }
}
