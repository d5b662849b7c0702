namespace Messaging.TestKit.Histories;

/// <summary>
/// A producer that numbers its records and sends each call again until it is answered, over all restarts of the server; now and then once more, as if the answer had been lost. One run at a time.
/// </summary>
internal sealed class CountingProducer(string name, int partitions, int seed)
{
    private const int RecordsMax = 6;

    private readonly Random _random = new(seed);
    private readonly int[] _next = new int[partitions];
    private ProducerName? _producer;
    private List<TopicRecord> _pending = [];
    private long _order;

    /// <summary>Until the server is gone.</summary>
    public async Task RunAsync(RecordedTopic client)
    {
        while (await FinishAsync(client))
        {
            for (int count = _random.Next(1, RecordsMax + 1); _pending.Count < count;)
            {
                int partition = _random.Next(partitions);
                string key = $"{name}-{_order + _pending.Count}";
                _pending.Add(new TopicRecord(key, TopicLoad.Body(key, _random), partition, _next[partition]++));
            }

            if (!await SendAsync(client)) return;
            if (_random.Next(4) == 0 && !await SendAsync(client)) return;
            Settle();
        }
    }

    /// <summary>Sends what has no answer; false when the server is gone.</summary>
    public async Task<bool> FinishAsync(RecordedTopic client)
    {
        _producer ??= await client.InitAsync();
        if (_producer is null || (_pending.Count > 0 && !await SendAsync(client))) return false;
        Settle();
        return true;
    }

    private async Task<bool> SendAsync(RecordedTopic client) => await client.PublishAsync(name, _order, _pending, _producer) is not null;

    private void Settle()
    {
        _order += _pending.Count;
        _pending = [];
    }
}
