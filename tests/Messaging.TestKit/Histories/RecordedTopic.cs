namespace Messaging.TestKit.Histories;

/// <summary>
/// A client of a topic whose every call is written into the history. Calls return null, or false, when there is no answer: the server is gone, and so is this client's use. One call at a time.
/// </summary>
internal sealed class RecordedTopic(Uri server, string topic, TopicHistory history, TimeProvider clock) : IDisposable
{
    private static readonly PlaceAnswer[] None = [];

    private readonly TopicClient _client = new(server, topic);

    /// <summary>The last refusal of a whole call; null when the last call was none.</summary>
    public RefusedException? Refused { get; private set; }

    /// <summary>Publishes in the name of <paramref name="producer"/>, whose order the records have from <paramref name="order"/> on. Empty when the call was refused.</summary>
    public async Task<PlaceAnswer[]?> PublishAsync(string producer, long order, IReadOnlyList<TopicRecord> records, ProducerName? name = null, bool isTransactional = false)
    {
        CallResult<PlaceAnswer[]> answer = await CallAsync(() => _client.PublishAsync(records, name, isTransactional));
        history.Add(records.Select((record, i) => Event(answer, record, i, producer, order + i, isTransactional ? name : null)));
        return answer.Outcome == Outcome.Unknown ? null : answer.Value ?? None;
    }

    /// <summary>Acknowledges a message of the pipeline's queue and publishes what came of it; false when there was no answer.</summary>
    public async Task<bool> ProcessAsync(string queue, Delivery delivery, TopicRecord record)
    {
        CallResult<PlaceAnswer[]> answer = await CallAsync(() => _client.ProcessAsync(queue, delivery.Receipt, record));
        history.Add([Event(answer, record, 0, null, 0, null)]);
        return answer.Outcome != Outcome.Unknown;
    }

    /// <summary>A producer that counts what it publishes; null when there was no answer.</summary>
    public async Task<ProducerName?> InitAsync() => (await CallAsync(() => _client.InitAsync(null))).Value;

    /// <summary>The next instance of a transactional id.</summary>
    public async Task<ProducerName?> InitAsync(string transactionalId)
    {
        CallResult<ProducerName> answer = await CallAsync(() => _client.InitAsync(transactionalId));
        history.Add(new InstanceEvent(answer.Time, answer.Outcome, transactionalId, answer.Value));
        return answer.Value;
    }

    public async Task<bool> BeginAsync(ProducerName producer) => (await CallAsync(() => _client.BeginAsync(producer))).Outcome == Outcome.Succeeded;

    /// <summary>What the producer goes on as; null when that is not known, or the end was refused.</summary>
    public async Task<ProducerName?> EndAsync(ProducerName producer, bool isCommit)
    {
        CallResult<ProducerName> answer = await CallAsync(() => _client.EndAsync(producer, isCommit));
        history.Add(new EndEvent(answer.Time, answer.Outcome, producer, isCommit, answer.Refused?.Code));
        return answer.Value;
    }

    public async Task<TopicPage?> FetchAsync(int partition, long offset, int limit, bool isCommitted, int waitSeconds = 0)
    {
        CallResult<TopicPage> answer = await CallAsync(() => _client.FetchAsync(partition, offset, limit, isCommitted, waitSeconds));
        if (answer.Value is { } page) history.Add(new PageEvent(answer.Time, partition, offset, isCommitted, page));
        return answer.Value;
    }

    public void Dispose() => _client.Dispose();

    private static PublishEvent Event(CallResult<PlaceAnswer[]> answer, TopicRecord record, int index, string? producer, long order, ProducerName? transaction)
    {
        PlaceAnswer? place = answer.Value?[index];
        Outcome outcome = place?.Refusal is null ? answer.Outcome : Outcome.Refused;
        return new PublishEvent(
            answer.Time, outcome, record.Key, record.Body, producer, order, place?.Partition ?? record.Partition, place?.Offset, transaction, place?.Refusal ?? answer.Refused?.Code);
    }

    private async Task<CallResult<T>> CallAsync<T>(Func<Task<T>> call)
        where T : class
    {
        CallResult<T> answer = await history.RunAsync(call, clock);
        Refused = answer.Refused;
        return answer;
    }
}
