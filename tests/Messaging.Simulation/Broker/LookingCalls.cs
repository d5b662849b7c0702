using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>An id as a client holds it, and what it is of; number 0: of nothing.</summary>
internal readonly record struct HeldId(int Number, long Offset, MessageId Id);

/// <summary>Looks at one message; needs no room.</summary>
internal sealed class LookCall(BrokerWorld world, QueueKey key, HeldId held) : CommandCall(world, key)
{
    private Result<BrowsedMessages> _answer;
    private ModelMessage? _message;
    private ErrorCode? _refusal;
    private long _decidedMs;

    protected override bool NeedsNoRoom => true;

    public override string ToString() => $"look at {held.Offset} of queue {held.Number} in {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.LookAsync(Key, held.Id, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _decidedMs = now;
        ModelQueue? holder = Follow(queue, now);
        _message = holder?.Find(held, now);
        bool isShown = _message is not null && !holder!.IsPastRetention(_message, now);
        if (holder is not null && holder != queue)
        {
            World.Coverage.Count("looks that followed a message to a dead-letter queue");
        }

        _refusal = queue is null ? ErrorCode.QueueNotFound : isShown ? null : ErrorCode.MessageNotFound;
        if (queue?.Number == held.Number && _message is null && queue.Messages.ContainsKey(held.Offset))
        {
            World.Coverage.Count("looks at a message that has expired");
        }
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? code = _answer.Error?.Code;
        World.Coverage.Count($"looks that answered {code?.ToString() ?? "OK"}");
        bool isDamaged = code == ErrorCode.MessageDamaged && World.IsRotten && _message is not null;
        bool hasGone = code == ErrorCode.MessageNotFound && Follow(World.History.Current.Queues.GetValueOrDefault(Found?.Number ?? 0), World.NowMs) is null;
        if (!isDamaged && !(hasGone && _refusal is null))
        {
            CheckRefused(_answer.Error, _refusal, this);
        }

        if (!_answer.IsOk)
        {
            return;
        }

        using BrowsedMessages messages = _answer.Value;
        Check(messages.Messages.Count == 1 && messages.NextPageToken is null, $"{this} shows one message");
        _message!.Judge(messages.Messages[0], held.Id, _decidedMs, this);
    }

    // The queue that holds the message: the one that was asked, or one of those that its dead letters go to.
    private ModelQueue? Follow(ModelQueue? queue, long now)
    {
        while (queue is not null && queue.Find(held, now) is null)
        {
            queue = queue.DeadLetterQueue is { } number ? World.History.Current.Queues[number] : null;
        }

        return queue;
    }
}

/// <summary>Takes a message out of its queue before anybody has it.</summary>
internal sealed class CancelCall(BrokerWorld world, QueueKey key, HeldId held) : CommandCall(world, key)
{
    private Result<bool> _answer;
    private ErrorCode? _refusal;

    public override string ToString() => $"cancel {held.Offset} of queue {held.Number} in {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.CancelAsync(Key, held.Id, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        ModelMessage? message = queue?.Find(held, now);
        _refusal = queue is null ? ErrorCode.QueueNotFound : message is null ? ErrorCode.MessageNotFound : message.IsLeased(now) ? ErrorCode.MessageLeased : null;
        if (_refusal is null)
        {
            World.History.Sequence(ToString(), new MessageGone(queue!.Number, message!.Offset));
        }
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? refusal = Refusal ?? _refusal;
        World.Coverage.Count($"cancels that answered {refusal?.ToString() ?? "OK"}");
        CheckRefused(_answer.Error, refusal, this);
    }
}

/// <summary>Empties a queue.</summary>
internal sealed class PurgeCall(BrokerWorld world, QueueKey key) : CommandCall(world, key)
{
    private Result<long> _answer;
    private long? _purged;

    public override string ToString() => $"purge {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.PurgeAsync(Key, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _purged = queue?.Alive(now).Count();
        if (_purged > 0)
        {
            World.History.Sequence(ToString(), new QueuePurged(queue!.Number));
        }
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, Refusal ?? (_purged is null ? ErrorCode.QueueNotFound : null), this);
        if (_answer.IsOk)
        {
            Check(_answer.Value == _purged, $"{this} takes {_purged} messages, not {_answer.Value}");
            World.Coverage.Count("messages purged", _purged!.Value);
        }
    }
}

/// <summary>One page of a queue's messages; needs no room. The next page is asked for with the token, some time later.</summary>
internal sealed class BrowseCall(BrokerWorld world, QueueKey key, MessageState? state, int limit, (int Number, long From, string Token)? after)
    : CommandCall(world, key)
{
    private Result<BrowsedMessages> _answer;
    private List<ModelMessage> _expected = [];
    private ModelQueue? _queue;
    private ErrorCode? _refusal;
    private QueueDefinition _definition = new();
    private long _decidedMs;
    private long? _next;

    protected override bool NeedsNoRoom => true;

    public override string ToString() => $"browse {limit} {state} of {Key.Name} after {after?.From} of queue {after?.Number}";

    protected override async Task Ask(MessageBroker broker) =>
        _answer = await broker.Queues.BrowseAsync(Key, new BrowseRequest(state, after?.Token, limit), CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        (_queue, _decidedMs) = (queue, now);
        _refusal = queue is null ? ErrorCode.QueueNotFound : after is { } place && place.Number != queue.Number ? ErrorCode.InvalidValue : null;
        if (queue is null || _refusal is not null)
        {
            return;
        }

        _definition = queue.Definition;
        ModelMessage[] rest = [.. queue.Alive(now).Where(message => message.Offset >= (after?.From ?? 0)).OrderBy(message => message.Offset)];
        _expected = [.. rest.Where(message => state is null || message.State(now) == state).Take(limit)];
        _next = _expected.Count < limit ? null : rest.FirstOrDefault(message => message.Offset > _expected[^1].Offset)?.Offset;
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, _refusal, this);
        World.Coverage.Count($"browses that answered {_refusal?.ToString() ?? "OK"}");
        if (!_answer.IsOk)
        {
            return;
        }

        using BrowsedMessages page = _answer.Value;
        Check(page.Damaged.Count == 0 || World.IsRotten, $"{this} finds nothing damaged");
        int shown = 0;
        int missing = 0;
        foreach (ModelMessage message in _expected)
        {
            // What is past its retention is not shown: where it is, what comes here is not what is expected. It may have the body of another one, which is.
            bool isShown = shown < page.Messages.Count && !IsPastRetention(message) && page.Messages[shown].Body.Span.SequenceEqual(message.Body);
            if (isShown)
            {
                if (message.MovedId is null)
                {
                    World.KnowId(_queue!.Number, message.Offset, page.Messages[shown].Id);
                }

                message.Judge(page.Messages[shown++], message.MovedId ?? World.IdOf(_queue!.Number, message.Offset), _decidedMs, this);
                continue;
            }

            // Gone since, or too old, or damaged.
            bool hasGone = World.History.Current.Queues.GetValueOrDefault(_queue!.Number)?.Find(message.Offset, World.NowMs) is null;
            missing += hasGone || IsPastRetention(message) ? 0 : 1;
            Check(missing <= page.Damaged.Count, $"{this} shows message {message.Offset}");
        }

        Check(shown == page.Messages.Count, $"{this} shows nothing else");
        Check(page.NextPageToken is not null == _next is not null, $"{this} has a next page: {_next}");
        World.Coverage.Count("messages browsed", shown);
        if (page.NextPageToken is { } token)
        {
            (int Number, long From, string Token) place = (_queue!.Number, _next!.Value, token);
            World.Pages.Enqueue(() => new BrowseCall(World, Key, state, limit, place));
        }
    }

    private bool IsPastRetention(ModelMessage message) => !message.IsLeased(_decidedMs) && message.KeptFromMs < _decidedMs - (_definition.RetentionSeconds * 1_000L);
}
