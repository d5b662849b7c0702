namespace Messaging.TestKit.Histories;

/// <summary>
/// A client whose every call is written into the history. Calls return false, or null, when the connection is lost: the server is gone,
/// and so is this client's use. One call at a time.
/// </summary>
internal sealed class RecordedQueue(Uri server, string queue, ClientHistory history, TimeProvider clock) : IDisposable
{
    private readonly QueueClient _client = new(server, queue);

    /// <summary>The last refusal of a whole call; null when the last call was none.</summary>
    public RefusedException? Refused { get; private set; }

    /// <summary>Sends messages in one call; with <paramref name="raw"/> the only one of them as it is.</summary>
    public async Task<bool> SendAsync(IReadOnlyList<(string Key, byte[] Body, int DelaySeconds)> messages, bool raw = false)
    {
        long call = history.NextCall();
        var answer = await CallAsync(async () => raw
            ? [await _client.SendRawAsync(messages[0].Body, messages[0].DelaySeconds)]
            : await _client.SendAsync(messages.Select(message => (message.Body, message.DelaySeconds))));
        history.Add(messages.Select((message, index) =>
        {
            EntryAnswer? entry = answer.Value?[index];
            return new SendEvent(call, answer.Time, OutcomeOf(answer.Outcome, entry), message.Key, message.Body, message.DelaySeconds, entry?.Id);
        }));
        return answer.Outcome != Outcome.Unknown;
    }

    public async Task<IReadOnlyList<Delivery>?> ReceiveAsync(int max, int waitSeconds, int leaseSeconds)
    {
        var answer = await CallAsync(() => _client.ReceiveAsync(max, waitSeconds, leaseSeconds));
        history.Add(new ReceiveEvent(answer.Time, answer.Outcome, leaseSeconds, answer.Value ?? []));
        return answer.Outcome == Outcome.Unknown ? null : answer.Value ?? [];
    }

    public Task<bool> AcknowledgeAsync(IReadOnlyList<Delivery> deliveries) =>
        SettleAsync(SettleKind.Acknowledge, deliveries, 0, () => _client.AcknowledgeAsync(deliveries.Select(delivery => delivery.Receipt)));

    public Task<bool> ReleaseAsync(Delivery delivery, int delaySeconds) =>
        SettleAsync(SettleKind.Release, [delivery], delaySeconds, () => _client.ReleaseAsync(delivery.Receipt, delaySeconds));

    public Task<bool> ExtendAsync(Delivery delivery, int leaseSeconds) =>
        SettleAsync(SettleKind.Extend, [delivery], leaseSeconds, () => _client.ExtendAsync(delivery.Receipt, leaseSeconds));

    public void Dispose() => _client.Dispose();

    private async Task<bool> SettleAsync(SettleKind kind, IReadOnlyList<Delivery> deliveries, int seconds, Func<Task<EntryAnswer[]>> call)
    {
        var answer = await CallAsync(call);
        history.Add(deliveries.Select((delivery, index) =>
        {
            EntryAnswer? entry = answer.Value?[index];
            Outcome outcome = OutcomeOf(answer.Outcome, entry);
            return new SettleEvent(answer.Time, outcome, kind, delivery.Id, delivery.ReceiveCount, seconds, entry?.Refusal ?? Refused?.Code);
        }));
        return answer.Outcome != Outcome.Unknown;
    }

    private static Outcome OutcomeOf(Outcome call, EntryAnswer? entry) => entry?.Refusal is null ? call : Outcome.Refused;

    private async Task<CallResult<T>> CallAsync<T>(Func<Task<T>> call)
        where T : class
    {
        CallResult<T> answer = await history.RunAsync(call, clock);
        Refused = answer.Refused;
        return answer;
    }
}
