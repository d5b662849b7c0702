using Messaging.Broker;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.Topics;

/// <summary>A publish without a producer's id.</summary>
internal sealed class PublishCall(TopicWorld world, TopicLedger topic, PartitionLedger partition) : TopicCall(world)
{
    private readonly SentRecord[] _records = world.NewRecords(topic);
    private Result<PublishOutcome[]> _answer;

    public override string ToString() => $"publish {_records.Length} to {topic.Key.Name}/{partition.Number}";

    protected override async Task Ask(MessageBroker broker)
    {
        partition.Send(_records);
        OutgoingRecord[] records = Array.ConvertAll(_records, record => TopicLedger.Outgoing(record, partition.Number));
        _answer = await broker.Topics.PublishAsync(topic.Key, records, null, CancellationToken.None);
    }

    protected override void Judge()
    {
        if (IsRefused(_answer.Error) || IsGone(_answer.Error, topic))
        {
            Array.ForEach(_records, record => record.IsNowhere = true);
            return;
        }

        CheckOk(_answer.Error);
        for (int i = 0; i < _records.Length; i++)
        {
            CheckOk(_answer.Value[i].Error);
            partition.Know(_records[i], _answer.Value[i].Offset);
        }

        World.Coverage.Count("records published", _records.Length);
    }
}

/// <summary>A publish of a producer that numbers its records: a repeated one has the answer of the first.</summary>
internal sealed class SequenceCall(TopicWorld world, SequenceClient client, PartitionLedger partition) : TopicCall(world)
{
    private SentRecord[] _records = [];
    private int _sequence;
    private bool _isKnown;
    private Result<ProducerIdentity> _identity;
    private Result<PublishOutcome[]> _answer;

    public override string ToString() => $"publish {_records.Length} from sequence {_sequence} of producer {client.Identity?.Id} to {client.Topic.Key.Name}/{partition.Number}";

    protected override async Task Ask(MessageBroker broker)
    {
        client.IsBusy = true;
        if (client.Identity is null)
        {
            _identity = await broker.Transactions.InitProducerAsync(null, ProducerLimits.TransactionTimeoutSecondsDefault, CancellationToken.None);
            return;
        }

        Choose();
        OutgoingRecord[] records = [.. _records.Select((record, i) => TopicLedger.Outgoing(record, partition.Number, _sequence + i))];
        _answer = await broker.Topics.PublishAsync(client.Topic.Key, records, new ProducerClaim(client.Identity.Value.Id, client.Identity.Value.Epoch), CancellationToken.None);
    }

    protected override void Judge()
    {
        client.IsBusy = false;
        if (_records.Length == 0)
        {
            client.Identity = _identity.IsOk ? _identity.Value : null;
            return;
        }

        if (IsRefused(_answer.Error) || IsGone(_answer.Error, client.Topic))
        {
            return;
        }

        CheckOk(_answer.Error);
        for (int i = 0; i < _records.Length; i++)
        {
            CheckOk(_answer.Value[i].Error);
            Check(!_isKnown || _answer.Value[i].IsDuplicate, $"{this} is known");
            partition.Know(_records[i], _answer.Value[i].Offset);
        }

        if (!_isKnown)
        {
            Check(client.Latest is null || client.Latest[^1].Offset < _records[0].Offset, $"{this} is in the producer's order");
            (client.Latest, client.Pending, client.Next) = (_records, null, _sequence + _records.Length);
        }

        World.Coverage.Count(_answer.Value[0].IsDuplicate ? "batches that were stored before" : "batches with sequences");
    }

    private void Choose()
    {
        _isKnown = client.Pending is null && client.Latest is not null && World.Random.Next(3) == 0;
        if (_isKnown)
        {
            (_records, _sequence) = (client.Latest!, client.Next - client.Latest!.Length);
            return;
        }

        if (client.Pending is null)
        {
            client.Pending = World.NewRecords(client.Topic);
            partition.Send(client.Pending);
        }

        // What a crash has taken away is sent again.
        Array.ForEach(client.Pending, record => record.IsNowhere = false);
        (_records, _sequence) = (client.Pending, client.Next);
    }
}
