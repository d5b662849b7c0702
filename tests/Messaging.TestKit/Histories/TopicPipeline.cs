namespace Messaging.TestKit.Histories;

/// <summary>
/// Sends messages to a queue, and makes a record of each that it receives, in the call that acknowledges it: so exactly once. Some are left to be delivered again, some are processed a second time, as
/// after a lost answer. One run at a time.
/// </summary>
internal sealed class TopicPipeline(string name, string queue, TopicHistory history, TimeProvider clock, int seed)
{
    private const int SendMax = 3;
    private const int ReceiveMax = 10;
    private const int LeaseSeconds = 2;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(60);

    private readonly Random _random = new(seed);
    private int _sent;

    /// <summary>Until the server is gone.</summary>
    public async Task RunAsync(Uri server, RecordedTopic client)
    {
        using var messages = new QueueClient(server, queue);
        bool goesOn = true;
        while (goesOn) goesOn = await SendAsync(messages) && await ProcessAsync(messages, client, waitSeconds: 0, leavesSome: true) is not null;
    }

    /// <summary>Processes what is left.</summary>
    /// <exception cref="TimeoutException">Something stayed.</exception>
    public async Task DrainAsync(Uri server, RecordedTopic client)
    {
        using var messages = new QueueClient(server, queue);
        long began = clock.GetTimestamp();
        while ((await messages.CountsAsync()).All > 0)
        {
            if (clock.GetElapsedTime(began) > DrainTimeout)
                throw new TimeoutException($"After {DrainTimeout.TotalSeconds} s the pipeline still has {await messages.CountsAsync()}.");
            if (await ProcessAsync(messages, client, waitSeconds: 1, leavesSome: false) is null)
                throw new InvalidOperationException("The server was lost while the pipeline was drained.");
        }
    }

    private async Task<bool> SendAsync(QueueClient messages)
    {
        (string Key, byte[] Body)[] sent = [.. Enumerable.Range(_sent, _random.Next(1, SendMax + 1)).Select(number => $"{name}-{number}").Select(key => (key, TopicLoad.Body(key, _random)))];
        _sent += sent.Length;
        CallResult<EntryAnswer[]> answer = await history.RunAsync(() => messages.SendAsync(sent.Select(message => (message.Body, 0))), clock);
        history.Add(sent.Select((message, i) => new InputEvent(answer.Value?[i].Refusal is null ? answer.Outcome : Outcome.Refused, message.Key)));
        return answer.Outcome != Outcome.Unknown;
    }

    // How many came; null when the server is gone.
    private async Task<int?> ProcessAsync(QueueClient messages, RecordedTopic client, int waitSeconds, bool leavesSome)
    {
        CallResult<Delivery[]> received = await history.RunAsync(() => messages.ReceiveAsync(ReceiveMax, waitSeconds, LeaseSeconds), clock);
        if (received.Outcome == Outcome.Unknown) return null;
        foreach (Delivery delivery in received.Value ?? [])
        {
            int turns = leavesSome ? _random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 } : 1;
            string key = TopicHistory.ProcessedMark + MessageBodies.KeyOf(delivery.Body);
            // Of the message alone, so that whoever processes it makes the same record.
            var record = new TopicRecord(key, MessageBodies.MakeText(key, delivery.Body.Length, new Random(delivery.Body.Length)), null);
            for (; turns > 0; turns--)
            {
                if (!await client.ProcessAsync(queue, delivery, record)) return null;
            }
        }

        return received.Value?.Length ?? 0;
    }
}
