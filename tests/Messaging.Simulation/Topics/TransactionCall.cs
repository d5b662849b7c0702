using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.Topics;

/// <summary>The next thing that a transactional producer does: ask who it is, begin, publish, end; or publish as who it was before, which is refused.</summary>
internal sealed class TransactionCall(TopicWorld world, TransactionClient client, TopicLedger topic, PartitionLedger partition) : TopicCall(world)
{
    private const int TimeoutSeconds = 60;

    private enum Kind
    {
        Initiate,
        Begin,
        Publish,
        PublishAsFormer,
        Commit,
        Abort,
    }

    private readonly Kind _kind = Choose(world.Random, client);
    private readonly ProducerIdentity? _identity = client.Identity;
    private readonly SentTransaction? _transaction = client.Transaction;
    private readonly long _askedMs = world.Base.NowMs;
    private SentRecord[] _records = [];
    private BrokerError? _error;
    private Result<ProducerIdentity> _next;
    private Result<PublishOutcome[]> _outcomes;

    public override string ToString() => $"{_kind} of {client.Id} as {_identity}";

    protected override async Task Ask(MessageBroker broker)
    {
        client.IsBusy = true;
        switch (_kind)
        {
            case Kind.Initiate:
                bool isId = TransactionalId.TryParse(client.Id, out TransactionalId id);
                Check(isId, "the id is one");
                _next = await broker.Transactions.InitProducerAsync(new ProducerKey(AccountId.Default, NamespaceName.Default, id), TimeoutSeconds, CancellationToken.None);
                _error = _next.Error;
                break;
            case Kind.Begin:
                _error = (await broker.Transactions.BeginAsync(AccountId.Default, _identity!.Value, CancellationToken.None)).Error;
                break;
            case Kind.Publish:
                await Publish(broker, _identity!.Value, _transaction);
                break;
            case Kind.PublishAsFormer:
                await Publish(broker, client.Former!.Value, null);
                break;
            case Kind.Commit or Kind.Abort:
            default:
                _transaction!.Ending = _kind == Kind.Commit ? Ending.Unknown : Ending.Aborted;
                _next = await broker.Transactions.EndAsync(AccountId.Default, _identity!.Value, _kind == Kind.Commit, CancellationToken.None);
                _error = _next.Error;
                break;
        }
    }

    protected override void Judge()
    {
        client.IsBusy = false;
        if (_records.Length > 0)
        {
            JudgePublished();
            return;
        }

        World.Coverage.Count($"{_kind} that answered {_error?.Code.ToString() ?? "OK"}");
        if (_error is not null)
        {
            // It was fenced by time, or does not know what became of it: the next instance goes on.
            bool isExpected = IsRefused(_error) || (_error.Code is ErrorCode.ProducerFenced or ErrorCode.TransactionNotOpen && _transaction?.DueMs <= World.Base.NowMs);
            Check(isExpected, $"{this} is not refused by {_error.Code}: {_error.Detail}");
            if (_kind == Kind.Commit && !IsRefused(_error)) _transaction!.Ending = Ending.Aborted;
            client.Forget();
            return;
        }

        switch (_kind)
        {
            case Kind.Begin:
                client.Transaction = new SentTransaction { DueMs = _askedMs + (TimeoutSeconds * 1_000L) };
                break;
            case Kind.Commit or Kind.Abort:
                _transaction!.Ending = _kind == Kind.Commit ? Ending.Committed : Ending.Aborted;
                client.Transaction = null;
                (client.Former, client.Identity) = (client.Identity, _next.Value);
                break;
            default:
                client.Identity = _next.Value;
                break;
        }
    }

    private static Kind Choose(Random random, TransactionClient client)
    {
        if (client.Identity is null) return Kind.Initiate;
        if (client.Former is { } former && former.Id == client.Identity.Value.Id && random.Next(8) == 0) return Kind.PublishAsFormer;
        if (client.Transaction is null) return random.Next(10) == 0 ? Kind.Initiate : Kind.Begin;
        return random.Next(6) switch
        {
            0 => Kind.Abort,
            1 or 2 => Kind.Commit,
            _ => Kind.Publish,
        };
    }

    private async Task Publish(MessageBroker broker, ProducerIdentity producer, SentTransaction? transaction)
    {
        _records = World.NewRecords(topic, transaction, isForbidden: transaction is null);
        partition.Send(_records);
        Array.ForEach(_records, record => record.IsNowhere = record.IsForbidden);
        OutgoingRecord[] records = Array.ConvertAll(_records, record => TopicLedger.Outgoing(record, partition.Number));
        var claim = new ProducerClaim(producer.Id, producer.Epoch, IsTransactional: transaction is not null || World.Random.Next(2) == 0);
        _outcomes = await broker.Topics.PublishAsync(topic.Key, records, claim, CancellationToken.None);
    }

    private void JudgePublished()
    {
        if (_kind == Kind.PublishAsFormer)
        {
            Check(!_outcomes.IsOk, $"{this}: who was fenced publishes nothing");
            World.Coverage.Count($"fenced producers that were answered {_outcomes.Error!.Code}");
            return;
        }

        if (!_outcomes.IsOk)
        {
            Array.ForEach(_records, record => record.IsNowhere = true);
            bool isExpected = IsRefused(_outcomes.Error) || IsGone(_outcomes.Error, topic)
                || (_outcomes.Error.Code is ErrorCode.ProducerFenced or ErrorCode.TransactionNotOpen && _transaction!.DueMs <= World.Base.NowMs);
            Check(isExpected, $"{this} is not refused by {_outcomes.Error.Code}: {_outcomes.Error.Detail}");
            client.Forget();
            return;
        }

        for (int i = 0; i < _records.Length; i++)
        {
            CheckOk(_outcomes.Value[i].Error);
            partition.Know(_records[i], _outcomes.Value[i].Offset);
        }

        World.Coverage.Count("records published in transactions", _records.Length);
    }
}
