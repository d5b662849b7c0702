using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>Creates a queue or replaces its definition.</summary>
internal sealed class PutCall(BrokerWorld world, QueueKey key, QueueDefinition definition) : CommandCall(world, key)
{
    private Result<PutQueueResult> _answer;
    private ExpectedQueue? _expected;
    private ErrorCode? _refusal;
    private bool _creates;

    protected override bool NeedsNoRoom => false;

    protected override bool Adds => true;

    public override string ToString() => $"put {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.PutAsync(Key, definition, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        // By name: it may have come or gone while the call waited for room.
        queue = World.History.Current.Find(Key);
        _creates = queue is null;
        if (World.History.Current.Breaks(Key, definition))
        {
            _refusal = ErrorCode.DeadLetterInvalid;
            return;
        }

        int number = queue?.Number ?? ++World.LastQueueNumber;
        World.History.Sequence(ToString(), new QueuePut(number, Key, definition, now));
        _expected = new ExpectedQueue(World.History.Current.Queues[number], now);
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, Refusal ?? _refusal, this);
        World.Coverage.Count($"definitions that answered {(Refusal ?? _refusal)?.ToString() ?? "OK"}");
        if (_expected is not null)
        {
            Check(_answer.Value.Created == _creates, $"{this} creates it: {_creates}");
            _expected.Judge(_answer.Value.Queue);
        }
    }
}

/// <summary>Changes the lease time of a queue's definition, where it is still of the version that was seen.</summary>
internal sealed class PatchCall(BrokerWorld world, QueueKey key, int leaseSeconds, long? version) : CommandCall(world, key)
{
    private Result<PutQueueResult> _answer;
    private ExpectedQueue? _expected;
    private ErrorCode? _refusal;

    protected override bool NeedsNoRoom => false;

    protected override bool Adds => true;

    public override string ToString() => $"patch {Key.Name} of version {version}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.PatchAsync(
        Key,
        definition => definition with { LeaseSeconds = leaseSeconds },
        new Precondition { Versions = version is { } seen ? [seen] : null },
        CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        queue = World.History.Current.Find(Key);
        _refusal = queue is null ? ErrorCode.QueueNotFound : version is not null && queue.Version != version ? ErrorCode.PreconditionFailed : null;
        if (_refusal is null)
        {
            World.History.Sequence(ToString(), new QueuePut(queue!.Number, Key, queue.Definition with { LeaseSeconds = leaseSeconds }, now));
            _expected = new ExpectedQueue(World.History.Current.Queues[queue.Number], now);
        }
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? refusal = Refusal ?? _refusal;
        World.Coverage.Count($"patches that answered {refusal?.ToString() ?? "OK"}");
        CheckRefused(_answer.Error, refusal, this);
        if (_expected is not null)
        {
            Check(!_answer.Value.Created, $"{this} creates nothing");
            _expected.Judge(_answer.Value.Queue);
        }
    }
}

/// <summary>Deletes a queue with its messages, also one that is a dead-letter queue where that is asked for.</summary>
internal sealed class DeleteCall(BrokerWorld world, QueueKey key, bool evenIfInUse = false) : CommandCall(world, key)
{
    private Result<bool> _answer;
    private bool _isUsed;
    private bool _finds;

    protected override bool NeedsNoRoom => false;

    public override string ToString() => $"delete {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.DeleteAsync(Key, default, evenIfInUse, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        queue = World.History.Current.Find(Key);
        _finds = queue is not null;
        ModelQueue[] sources = [.. World.History.Current.SourcesOf(Key)];
        _isUsed = sources.Length > 0 && !evenIfInUse;
        if (queue is not null && !_isUsed)
        {
            World.Coverage.Count("messages that waited for a queue that was deleted", sources.Sum(source => source.Alive(now).Count(message => source.IsDead(message) && message.IsReady(now))));
            World.History.Sequence(ToString(), new QueueGone(queue.Number));
        }
    }

    protected override void JudgeAnswer() => CheckRefused(_answer.Error, Refusal ?? (!_finds ? ErrorCode.QueueNotFound : _isUsed ? ErrorCode.QueueInUse : null), this);
}

/// <summary>Asks for a definition and its counts; needs no room.</summary>
internal sealed class GetCall(BrokerWorld world, QueueKey key) : CommandCall(world, key)
{
    private Result<QueueDescription> _answer;
    private ExpectedQueue? _expected;

    protected override bool NeedsNoRoom => true;

    public override string ToString() => $"get {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.GetAsync(Key, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now) => _expected = queue is null ? null : new ExpectedQueue(queue, now);

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, _expected is null ? ErrorCode.QueueNotFound : null, this);
        _expected?.Judge(_answer.Value);
    }
}

/// <summary>One page of a list; needs no room. The next page is asked for with the token, some time later.</summary>
internal sealed class ListCall(BrokerWorld world, NamespaceName space, string prefix, int size, string? token, string? after)
    : CommandCall(world, new QueueKey(AccountId.Default, space, default))
{
    private readonly List<ExpectedQueue> _expected = [];
    private Result<QueuePage> _answer;
    private bool _hasMore;

    protected override bool NeedsNoRoom => true;

    public override string ToString() => $"list \"{prefix}\" of {space} after \"{after}\"";

    protected override async Task Ask(MessageBroker broker) =>
        _answer = await broker.Queues.ListAsync(AccountId.Default, space, prefix, size, token, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        ModelQueue[] all =
        [
            .. World.History.Current.Queues.Values
                .Where(one => one.Key.Namespace == space && one.Key.Name.Value.StartsWith(prefix, StringComparison.Ordinal))
                .Where(one => after is null || string.CompareOrdinal(one.Key.Name.Value, after) > 0)
                .OrderBy(one => one.Key.Name.Value, StringComparer.Ordinal),
        ];
        _expected.AddRange(all.Take(size).Select(one => new ExpectedQueue(one, now)));
        _hasMore = all.Length > size;
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, null, this);
        QueuePage page = _answer.Value;
        Check(page.Queues.Count == _expected.Count, $"{this} has {_expected.Count} queues, not {page.Queues.Count}");
        for (int i = 0; i < _expected.Count; i++)
        {
            _expected[i].Judge(page.Queues[i]);
        }

        Check(page.NextPageToken is not null == _hasMore, $"{this} has a next page: {_hasMore}");
        World.Coverage.Count("pages listed");
        if (page.NextPageToken is { } next)
        {
            World.Pages.Enqueue(() => new ListCall(World, space, prefix, size, next, page.Queues[^1].Key.Name.Value));
        }
    }
}

/// <summary>A queue as a description must say it, at the moment when it was looked at.</summary>
internal sealed class ExpectedQueue(ModelQueue queue, long now)
{
    private readonly QueueDescription _expected = new(
        queue.Key,
        queue.Definition,
        queue.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(queue.CreatedMs),
        DateTimeOffset.FromUnixTimeMilliseconds(queue.ModifiedMs),
        queue.Counts(now));

    public void Judge(QueueDescription answer) => Harness.SimulationException.Check(answer == _expected, $"{_expected} is described, not {answer}");
}
