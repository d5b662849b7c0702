using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;

namespace Messaging.Simulation.FanOut;

/// <summary>Records of one call and where they are to stand. Their offsets are known when the command is sequenced.</summary>
internal sealed class Publication(FanOutWorld world, string topic, PublishedRecord[] records, int[] partitions, bool isFifo = false)
{
    private readonly long[] _offsets = new long[records.Length];

    public string Topic => topic;

    public PublishedRecord[] Records => records;

    public static Publication Of(FanOutWorld world, string topic)
    {
        ModelTopic model = world.History.Current.Topics[topic];
        PublishedRecord[] records = world.NewRecords(model.Definition.Timestamps == TopicTimestamps.Create);
        int one = world.Random.Next(model.Partitions.Length);
        bool isSpread = world.Random.Next(3) == 0;
        return new Publication(world, topic, records, [.. records.Select(_ => isSpread ? world.Random.Next(model.Partitions.Length) : one)], model.Definition.Type == TopicType.Fifo);
    }

    public OutgoingRecord[] Outgoing(int? sequence = null) => [.. records.Select((record, i) => FanOutWorld.Outgoing(record, partitions[i], sequence + i, isFifo))];

    public Action<FanOutModel> Decide(long number)
    {
        ModelTopic model = world.History.Current.Topics[topic];
        var next = model.Partitions.Select(partition => partition.Next).ToArray();
        for (int i = 0; i < records.Length; i++) _offsets[i] = next[partitions[i]]++;
        return changed =>
        {
            for (int i = 0; i < records.Length; i++) changed.Publish(topic, partitions[i], records[i], number);
        };
    }

    public bool IsAt(IReadOnlyList<PublishOutcome> outcomes)
    {
        for (int i = 0; i < records.Length; i++)
        {
            if (outcomes[i] != new PublishOutcome(partitions[i], _offsets[i], null)) return false;
        }

        return outcomes.Count == records.Length;
    }

    public override string ToString() => $"records {records[0].Id} to {records[^1].Id} to {topic}/{string.Join('+', partitions.Distinct())}";
}

/// <summary>A publish without a producer's id.</summary>
internal sealed class PublishCall(FanOutWorld world, string topic) : SequencedCall(world)
{
    private readonly Publication _publication = Publication.Of(world, topic);
    private Result<PublishOutcome[]> _answer;

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"publish {_publication}";

    protected override async Task Call(MessageBroker broker) =>
        _answer = await broker.Topics.PublishAsync(FanOutWorld.TopicOf(topic), _publication.Outgoing(), null, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => _publication.Decide(World.History.Last + 1);

    protected override void JudgeAnswer()
    {
        Check(_publication.IsAt(_answer.Value), $"{this} tells where its records are");
        World.Coverage.Count("records published", _publication.Records.Length);
    }
}

/// <summary>A whole batch, which stands in the partition as it is.</summary>
internal sealed class PublishBatchCall(FanOutWorld world, string topic) : SequencedCall(world)
{
    private readonly PublishedRecord[] _records = world.NewRecords(hasOwnTimes: false, hasAttributes: false);
    private readonly int _partition = world.Random.Next(world.History.Current.Topics[topic].Partitions.Length);
    private long _first;
    private Result<PublishedBatch> _answer;

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"publish a batch of {_records.Length} from {_records[0].Id} to {topic}/{_partition}";

    protected override async Task Call(MessageBroker broker)
    {
        byte[] batch = TestKit.ProducedBatch.Of([.. _records.Select(record => System.Text.Encoding.UTF8.GetString(record.Value))]);
        _answer = await broker.Topics.PublishBatchAsync(FanOutWorld.TopicOf(topic), _partition, batch, CancellationToken.None);
    }

    protected override Action<FanOutModel> Decide()
    {
        _first = World.History.Current.Topics[topic].Partitions[_partition].Next;
        long number = World.History.Last + 1;
        return model => Array.ForEach(_records, record => model.Publish(topic, _partition, record, number));
    }

    protected override void JudgeAnswer() => Check(_answer.Value == new PublishedBatch(_partition, _first, _records.Length), $"{this} tells where it is");
}

/// <summary>A publish of a producer that numbers its records, or first its question who it is. What was stored before is stored once, and reaches queues once.</summary>
internal sealed class PublishAsProducerCall(FanOutWorld world, CountingClient client) : SequencedCall(world)
{
    private Publication? _publication;
    private bool _isAgain;
    private bool _isKnown;
    private Result<ProducerIdentity> _identity;
    private Result<PublishOutcome[]> _answer;

    protected override BrokerError? Error => _publication is null ? _identity.Error : _answer.Error;

    protected override bool MayDoNothing => _publication is null || _isKnown;

    public override string ToString() => $"publish {_publication} as {client.Identity} from {client.Next}";

    protected override async Task Call(MessageBroker broker)
    {
        client.IsBusy = true;
        if (client.Identity is not { } identity)
        {
            _identity = await broker.Transactions.InitProducerAsync(null, ProducerLimits.TransactionTimeoutSecondsDefault, CancellationToken.None);
            return;
        }

        // What was stored is sent again, as if its answer had been lost; what may have been stored, and was not answered, is.
        _isAgain = client.Pending is null && client.Latest is not null && World.Random.Next(3) == 0;
        _isKnown = _isAgain || client.Pending is not null;
        PublishedRecord[] records = _isAgain ? client.Latest! : client.Pending ??= World.NewRecords(hasOwnTimes: false);
        int sequence = _isAgain ? client.Next - records.Length : client.Next;
        _publication = new Publication(World, client.Topic, records, [.. records.Select(_ => client.Partition)]);
        _answer = await broker.Topics.PublishAsync(
            FanOutWorld.TopicOf(client.Topic), _publication.Outgoing(sequence), new ProducerClaim(identity.Id, identity.Epoch), CancellationToken.None);
    }

    protected override Action<FanOutModel> Decide() => _publication!.Decide(World.History.Last + 1);

    protected override void Judged() => client.IsBusy = false;

    protected override void JudgeAnswer()
    {
        if (_publication is null)
        {
            client.Identity = _identity.Value;
            return;
        }

        bool isDuplicate = _answer.Value[0].IsDuplicate;
        Check(isDuplicate == (Number == 0) && (isDuplicate || !_isAgain), $"{this} says whether it was stored before");
        Check(isDuplicate || _publication.IsAt(_answer.Value), $"{this} tells where its records are");
        SortedDictionary<long, PublishedRecord>? stored = World.History.Current.Topics.GetValueOrDefault(client.Topic)?.Partitions[client.Partition].Records;
        for (int i = 0; isDuplicate && i < _answer.Value.Length; i++)
        {
            PublishedRecord? record = stored?.GetValueOrDefault(_answer.Value[i].Offset);
            Check(record is null || record == _publication.Records[i], $"{this} was stored before there");
        }

        World.Coverage.Count("batches that were stored before", isDuplicate ? 1 : 0);
        if (_isAgain) return;
        client.Next += _publication.Records.Length;
        (client.Latest, client.Pending) = (client.Pending, null);
    }
}

/// <summary>Publishes to topics, sends to a queue and acknowledges, all or nothing.</summary>
internal sealed class TransactCall : SequencedCall
{
    private readonly Publication[] _publications;
    private readonly PublishedRecord _sent;
    private readonly string? _queue;
    private readonly HeldCopy? _held;
    private Result<TransactionResult[]> _answer;

    public TransactCall(FanOutWorld world)
        : base(world)
    {
        string[] queues = [.. world.History.Current.Queues.Keys];
        string[] topics = [.. world.History.Current.Topics.Keys];
        world.Random.Shuffle(topics);
        // What more of them publish may have no room in one command.
        _publications = [.. topics.Take(2).Select(topic => Publication.Of(world, topic))];
        _sent = world.NewRecords(hasOwnTimes: false)[0];
        _queue = queues.Length > 0 && world.Random.Next(2) == 0 ? queues[world.Random.Next(queues.Length)] : null;
        _held = world.Held.Count > 0 && world.Random.Next(2) == 0 ? world.Held[world.Random.Next(world.Held.Count)] : null;
    }

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"transact {string.Join<Publication>(" and ", _publications)}, send to {_queue}, acknowledge {_held}";

    protected override bool MayRefuse(ErrorCode code) => base.MayRefuse(code) || (_held is not null && code is ErrorCode.MessageGone or ErrorCode.NotLeased or ErrorCode.ReceiptStale or ErrorCode.ReceiptOfAnotherQueue);

    protected override async Task Call(MessageBroker broker)
    {
        var operations = new List<TransactionOperation>();
        if (_held is not null) operations.Add(new TransactionOperation.Acknowledge(FanOutWorld.QueueOf(_held.Queue), new[] { _held.Receipt }));
        operations.AddRange(_publications.Select(publication => new TransactionOperation.Publish(FanOutWorld.TopicOf(publication.Topic), publication.Outgoing())));
        if (_queue is not null) operations.Add(new TransactionOperation.Send(FanOutWorld.QueueOf(_queue), new[] { new OutgoingMessage { Body = _sent.Value } }));
        _answer = await broker.Transactions.RunAsync(operations, null, CancellationToken.None);
    }

    protected override Action<FanOutModel> Decide()
    {
        long number = World.History.Last + 1;
        Action<FanOutModel>[] published = [.. _publications.Select(publication => publication.Decide(number))];
        return model =>
        {
            if (_held is not null) model.Queues[_held.Queue].Messages.Remove(_held.Offset);
            Array.ForEach(published, effect => effect(model));
            if (_queue is not null) model.Queues[_queue].Add(new ModelCopy(_sent, null, IsFailed: false, number));
        };
    }

    protected override void JudgeAnswer()
    {
        int first = _held is null ? 0 : 1;
        for (int i = 0; i < _publications.Length; i++) Check(_publications[i].IsAt(_answer.Value[first + i].Published!), $"{this} tells where its records are");
    }
}
