namespace Messaging.TestKit.Histories;

/// <summary>
/// A producer with a transactional id that publishes over partitions, in calls of their own, and commits or aborts. After a restart it asks again for the end that had no answer, or begins as a new
/// instance; then its elder comes back as a zombie, to publish and to commit. One run at a time.
/// </summary>
internal sealed class TransactingProducer(string id, int partitions, int seed)
{
    private const int CallsMax = 3;
    private const int RecordsMax = 4;

    private readonly Random _random = new(seed);
    private ProducerName? _producer;
    private bool? _asked;
    private long _order;

    /// <summary>Until the server is gone.</summary>
    public async Task RunAsync(RecordedTopic client)
    {
        bool goesOn = await ComeBackAsync(client);
        while (goesOn) goesOn = await TransactAsync(client);
    }

    /// <summary>A new instance, which aborts what is open; then the zombie's turn. False when the server is gone.</summary>
    public async Task<bool> ReplaceAsync(RecordedTopic client)
    {
        ProducerName? elder = _producer;
        if (await client.InitAsync(id) is not { } younger) return false;
        (_producer, _asked) = (younger, null);
        if (elder is null) return true;
        if (await PublishAsync(client, elder) is null) return false;
        await client.EndAsync(elder, isCommit: true);
        return client.Refused is not null;
    }

    private async Task<bool> ComeBackAsync(RecordedTopic client)
    {
        if (_asked is not { } isCommit || _random.Next(2) == 0) return await ReplaceAsync(client);
        return await EndAsync(client, isCommit);
    }

    private async Task<bool> TransactAsync(RecordedTopic client)
    {
        if (!await client.BeginAsync(_producer!)) return false;
        for (int calls = _random.Next(1, CallsMax + 1); calls > 0; calls--)
        {
            if (await PublishAsync(client, _producer!) is null) return false;
        }

        return await EndAsync(client, isCommit: _random.Next(4) > 0);
    }

    private async Task<bool> EndAsync(RecordedTopic client, bool isCommit)
    {
        _asked = isCommit;
        if (await client.EndAsync(_producer!, isCommit) is not { } next) return false;
        (_producer, _asked) = (next, null);
        return true;
    }

    private Task<PlaceAnswer[]?> PublishAsync(RecordedTopic client, ProducerName producer)
    {
        var records = new List<TopicRecord>();
        for (int count = _random.Next(1, RecordsMax + 1); records.Count < count;)
        {
            string key = $"{id}-{_order + records.Count}";
            records.Add(new TopicRecord(key, TopicLoad.Body(key, _random), _random.Next(partitions)));
        }

        long order = _order;
        _order += records.Count;
        return client.PublishAsync(id, order, records, producer, isTransactional: true);
    }
}
