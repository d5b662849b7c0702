using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Simulation.Broker;

/// <summary>
/// A receive, in rounds: it leases the oldest ready messages, or waits; what it finds past its retention it drops, and looks again.
/// Which messages it delivers is known when it is sequenced; what it answers must be those.
/// </summary>
internal sealed class ReceiveCall : SimulatedCall
{
    private readonly QueueKey _key;
    private readonly ReceiveRequest _request;
    private readonly ModelQueue? _found;
    private readonly int _leaseSeconds;
    private readonly CancellationTokenSource? _cancellation;
    private readonly TimeSpan _leavesAt;
    private List<ModelMessage> _taken = [];
    private QueueDefinition _definition = new();
    private Phase _phase;
    private readonly HashSet<long> _unreadable = [];
    private readonly HashSet<long> _missing = [];
    private bool _isSynced;
    private bool _isRefused;
    private Result<ReceivedMessages> _answer;

    public ReceiveCall(BrokerWorld world, QueueKey key, ReceiveRequest request, bool mayBeCancelled)
        : base(world)
    {
        _key = key;
        _request = request;
        _found = world.History.Current.Find(key);
        _definition = _found?.Definition ?? _definition;
        _leaseSeconds = request.LeaseSeconds ?? _definition.LeaseSeconds;
        int waitSeconds = request.WaitSeconds ?? _definition.ReceiveWaitSeconds;
        Waits = waitSeconds > 0;
        _leavesAt = world.Uptime + TimeSpan.FromSeconds(waitSeconds);
        _cancellation = mayBeCancelled ? new CancellationTokenSource() : null;
    }

    private enum Phase
    {
        Room,
        Taking,
        Waiting,
        Dropping,
    }

    public bool MayBeCancelled => _cancellation is not null;

    /// <summary>It would wait.</summary>
    public bool Waits { get; }

    /// <summary>It sleeps until a message is ready or its time is over.</summary>
    public bool IsAsleep => _phase == Phase.Waiting && !World.Pump.IsInLine(this);

    public bool IsBehindRoom => _phase == Phase.Room;

    public ModelQueue? Queue => _found is null ? null : World.History.Current.Queues.GetValueOrDefault(_found.Number);

    public bool HasLeft => World.Uptime >= _leavesAt || _cancellation is { IsCancellationRequested: true };

    public void Cancel() => _cancellation!.Cancel();

    public override string ToString() => $"receive {_request.Max} of {_key.Name}, queue {_found?.Number}, {_phase}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.ReceiveAsync(_key, _request, _cancellation?.Token ?? CancellationToken.None);

    // What is no longer this receive's may be there or not: the step that comes will find what a look finds now.
    protected override void BeforeStep()
    {
        _unreadable.Clear();
        _missing.Clear();
        if (_phase != Phase.Taking || World.Fatal is not null || Queue is not { } queue || (!World.IsRotten && _taken.TrueForAll(IsOurs)))
        {
            return;
        }

        try
        {
            _isSynced = World.Engine.SyncedAsync().AsTask().IsCompleted;
            using RecordSet records = World.Engine.Read(World.Real(queue).Stream, [.. _taken.Select(message => message.Offset)]);
            for (int i = 0; i < records.Count; i++)
            {
                if (records[i].State != StoredRecordState.Present)
                {
                    _unreadable.Add(records[i].Offset);
                }

                if (records[i].State == StoredRecordState.Missing)
                {
                    Check(IsGone(_taken[i]), "what is not gone is there");
                    _missing.Add(records[i].Offset);
                }
            }
        }
        catch (SimCrashException)
        {
            // The step will find that too.
        }
    }

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (_found is null)
        {
            Tells = isFirst ? World.History.Last : Tells;
            return;
        }

        // Where its next round is refused, it has sequenced nothing in this step.
        if (_isRefused || Task.IsFaulted || Task.IsCanceled || (Task.IsCompleted && _answer.Error?.Code == ErrorCode.Stopping))
        {
            return;
        }

        if (step.WaitersAreRefused)
        {
            Check(_phase == Phase.Room, $"{this} is refused while it waits for room");
            _isRefused = true;
            Tells = World.History.Last;
            World.Coverage.Count("refused for want of any space");
            return;
        }

        _definition = Queue?.Definition ?? _definition;
        switch (_phase)
        {
            case Phase.Room:
            case Phase.Waiting when !Task.IsCompleted:
            case Phase.Dropping when _taken.Count == 0:
                Round(waitsForRoom);
                break;
            case Phase.Waiting when Queue is null:
                Tells = World.History.Last;
                break;
            case Phase.Taking when _taken.Count > 0:
                Read(waitsForRoom);
                break;
        }
    }

    protected override void Judge()
    {
        if (Task.IsCanceled)
        {
            Check(_cancellation is { IsCancellationRequested: true }, $"{this} ends cancelled only where it was");
            return;
        }

        if (_answer.Error is { } error)
        {
            JudgeRefusal(error);
            World.History.Told(Tells);
            return;
        }

        using ReceivedMessages messages = _answer.Value;
        if (messages.Count == 0 && _phase == Phase.Waiting)
        {
            Check(HasLeft || World.IsStopping, $"{this} waits as long as it was asked");
            World.Coverage.Count("receives that waited in vain");
            return;
        }

        JudgeMessages(messages);
        World.History.Told(Tells);
    }

    // One look at the queue, at the moment when it is sequenced.
    private void Round(bool waitsForRoom)
    {
        if (waitsForRoom)
        {
            _phase = Phase.Room;
            World.Coverage.Count("waits for room");
            return;
        }

        long now = World.NowMs;
        bool hasWaited = _phase == Phase.Waiting;
        _phase = Phase.Taking;
        _taken = [];
        if (Queue is { } queue)
        {
            ModelAttempt? attempt = queue.AttemptOf(_request.AttemptId, now) is { } known && known.Messages.Count <= _request.Max ? known : null;
            List<ModelMessage> ready = attempt is not null ? [.. attempt.Messages.Select(message => queue.Messages[message.Offset])]
                : queue.IsFair ? Chosen(queue, now)
                : queue.Ready(now, _request.Max);
            if (ready.Count == 0 && Waits && !HasLeft && !World.IsStopping)
            {
                _phase = Phase.Waiting;
                return;
            }

            World.Coverage.Count(hasWaited && ready.Count > 0 ? "receives woken for a message" : "looks at a queue");
            long deadline = now + (_leaseSeconds * 1_000L);
            deadline += attempt?.DeadlineMs == deadline ? 1 : 0;
            _taken = [.. ready.Select(message => attempt is null ? Delivered(queue, message, now) : message.Extended(now, deadline))];
            List<ModelEffect> effects = [.. _taken.Select(message => new MessageIs(queue.Number, message))];
            if (_request.AttemptId is { } id && _taken.Count > 0)
            {
                long until = attempt?.UntilMs ?? now + (QueueLimits.ReceiveAttemptSeconds * 1_000L);
                effects.Add(new AttemptIs(queue.Number, id, new ModelAttempt(deadline, [.. _taken.Select(message => (message.Offset, message.ReceiveCount))], until)));
                World.Coverage.Count(attempt is null ? "receive attempts" : "receive attempts that were repeated");
            }

            World.History.Sequence($"{this}: {string.Join(", ", _taken.Select(message => message.Offset))}", effects);
        }

        Tells = World.History.Last;
    }

    private ModelMessage Delivered(ModelQueue queue, ModelMessage message, long now) => message.Delivered(
        now, now + (_leaseSeconds * 1_000L), RetryDelay.Of(queue.Definition.Retry, World.Real(queue).Stream.Id, message.Offset, message.CountedReceives + 1));

    // Which ones the broker has taken is seen in its state; that it may take them, and as many as it can, is judged.
    private List<ModelMessage> Chosen(ModelQueue queue, long now)
    {
        List<ModelMessage> ready = queue.Ready(now, int.MaxValue);
        List<ModelMessage> chosen = ready.FindAll(message => World.Real(queue).State.TryGet(message.Offset, out Delivery delivery) && delivery.ReceiveCount > message.ReceiveCount);
        Check(chosen.Count == Math.Min(ready.Count, _request.Max), $"{this} takes as many as it can: {chosen.Count} of {ready.Count}");
        int lowest = chosen.Select(queue.PriorityOf).DefaultIfEmpty(int.MaxValue).Min();
        Check(ready.TrueForAll(message => queue.PriorityOf(message) <= lowest || chosen.Contains(message)), $"{this} takes the highest priority first");
        World.Coverage.Count("messages chosen among groups of a standard queue", chosen.Count(message => message.Group is not null));
        return chosen;
    }

    // After the sync: what is past its retention goes; where nothing is left, the next round comes.
    private void Read(bool waitsForRoom)
    {
        List<ModelMessage> past = _taken.FindAll(message => IsPastRetention(message) && !_unreadable.Contains(message.Offset));
        List<ModelMessage> dropped = past.FindAll(IsOurs);
        Check(dropped.TrueForAll(message => World.Real(Queue!).Stream.IsReleased(message.Offset)), "a receive drops what is past its retention");
        _taken.RemoveAll(message => past.Contains(message) || _missing.Contains(message.Offset));
        if (dropped.Count > 0)
        {
            List<ModelEffect> effects = [.. dropped.Select(message => new MessageGone(_found!.Number, message.Offset))];
            if (Queue!.AttemptOf(_request.AttemptId, World.NowMs) is { } attempt)
            {
                (long, int)[] left = [.. attempt.Messages.Where(held => !dropped.Exists(message => message.Offset == held.Offset))];
                effects.Add(new AttemptIs(_found!.Number, _request.AttemptId!, attempt with { Messages = left }));
                World.Coverage.Count("receive attempts that have lost some");
            }

            World.History.Sequence($"{this} drops {dropped.Count}", effects);
            World.Coverage.Count("messages past their retention that a receive dropped", dropped.Count);
            Tells = World.History.Last;
        }

        if (Task.IsCompleted && (_taken.Count > 0 || Queue is null || _answer.Error is not null))
        {
            Tells = Queue is null ? World.History.Last : Tells;
        }
        else if (!Task.IsCompleted && (dropped.Count > 0 || (past.Count > 0 && !_isSynced)))
        {
            _phase = Phase.Dropping;
        }
        else
        {
            Check(_taken.Count == 0 || Queue is null, "a receive answers with what it has taken");
            Round(waitsForRoom);
        }
    }

    private void JudgeRefusal(BrokerError error)
    {
        switch (error.Code)
        {
            case ErrorCode.QueueNotFound:
                Check(Queue is null, $"{this} finds its queue");
                break;
            case ErrorCode.Stopping:
                Check(World.IsStopping, $"{this} goes on until a stop");
                World.Coverage.Count("refused: Stopping");
                break;
            case ErrorCode.DiskFull:
                Check(_isRefused, $"{this} goes on where there is room");
                break;
            default:
                throw new SimulationException($"{this} is not refused: {error.Code}");
        }
    }

    private void JudgeMessages(ReceivedMessages messages)
    {
        HashSet<MessageId> damaged = [.. messages.Damaged.Select(message => message.Id)];
        Check(damaged.Count == 0 || World.IsRotten, $"{this} finds nothing damaged");
        if (messages.Count == 0 && damaged.Count > 0)
        {
            World.Coverage.Count("receives that found only damaged messages");
        }

        if (_found is not null && _taken.Exists(message => message.Group is not null) && _definition.Type == QueueType.Standard)
        {
            // In the order of the answer, which the groups' shares decide.
            List<MessageId> answered = [.. Enumerable.Range(0, messages.Count).Select(i => messages[i].Id)];
            _taken = [.. _taken.OrderBy(message => answered.IndexOf(message.MovedId ?? World.IdOf(_found.Number, message.Offset)))];
        }

        int next = 0;
        int missing = 0;
        foreach (ModelMessage expected in _taken)
        {
            // A client may send the same again, some time later.
            if (next < messages.Count && messages[next].SentAtMs == expected.SentMs && messages[next].Body.Span.SequenceEqual(expected.Body))
            {
                JudgeMessage(messages[next++], expected);
            }
            else
            {
                missing++;
                Check(Queue is null || missing <= damaged.Count, $"{this} answers with all that it has leased, {string.Join(',', _taken.Select(message => message.Offset))}, not {string.Join(',', Enumerable.Range(0, messages.Count).Select(index => World.PlaceOf(messages[index].Id)))}");
            }
        }

        Check(next == messages.Count, "a receive answers with nothing that it has not leased");
        World.Coverage.Count("messages delivered", next);
        World.Coverage.Count("receives answered");
    }

    private void JudgeMessage(in ReceivedMessage message, ModelMessage expected)
    {
        if (expected.MovedId is null)
        {
            World.KnowId(_found!.Number, expected.Offset, message.Id);
        }

        bool isSame = (expected.MovedId ?? message.Id) == message.Id && message.Origin == expected.Origin
            && message.ReceiveCount == expected.CountedReceives && message.FirstReceivedAtMs == expected.FirstReceivedMs
            && message.LeasedUntilMs == expected.LeasedUntilMs && message.SentAtMs == expected.SentMs && message.ExpiresAtMs == expected.ExpiresMs
            && message.ContentType == expected.ContentType && message.TraceParent == expected.TraceParent
            && message.DeduplicationId == expected.DeduplicationId
            && expected.HasAttributes(message.Attributes);
        if (!isSame)
        {
            throw new SimulationException(
                $"{this}: message {expected.Offset} is {expected}, and not receive {message.ReceiveCount}, first {message.FirstReceivedAtMs}, "
                + $"until {message.LeasedUntilMs}, sent {message.SentAtMs}, {message.ContentType}, {message.TraceParent}, {message.Attributes.Count} attributes");
        }

        World.Receipts.Hold(_found!.Number, expected, message.Receipt);
        if (expected.ReceiveCount > 1)
        {
            World.Coverage.Count("messages delivered again");
        }
    }

    private bool IsPastRetention(ModelMessage message) => message.KeptFromMs < World.NowMs - (_definition.RetentionSeconds * 1_000L);

    // Not gone, and not delivered to anyone else since.
    private bool IsOurs(ModelMessage message) =>
        Queue?.Find(message.Offset, World.NowMs)?.ReceiveCount == message.ReceiveCount;

    private bool IsGone(ModelMessage message) => Queue?.Find(message.Offset, World.NowMs) is null;
}
