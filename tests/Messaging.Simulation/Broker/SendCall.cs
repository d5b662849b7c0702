using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>A send of one or many messages: all of them or none, except those that are too large, or too many for the queue.</summary>
internal sealed class SendCall : CommandCall
{
    private readonly OutgoingMessage[] _messages;
    private readonly QueueDefinition? _definition;
    private readonly List<ModelMessage> _sent = [];
    private readonly HashSet<int> _full = [];
    private bool _isGone;
    private int _number;
    private Result<SendOutcome[]> _answer;

    public SendCall(BrokerWorld world, QueueKey key, OutgoingMessage[] messages)
        : base(world, key)
    {
        _messages = messages;
        _definition = Found?.Definition;
    }

    protected override bool NeedsNoRoom => base.NeedsNoRoom || _messages.All(IsTooLarge);

    protected override bool Adds => true;

    public override string ToString() => $"send {_messages.Length} to {Key.Name}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.SendAsync(Key, _messages, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _isGone = queue is null;
        if (queue is null)
        {
            return;
        }

        _number = queue.Number;
        var effects = new List<ModelEffect>();
        long lastDue = queue.LastDueMs;
        int room = (queue.Definition.MaxMessages ?? int.MaxValue) - queue.Alive(now).Count();
        for (int i = 0; i < _messages.Length; i++)
        {
            OutgoingMessage message = _messages[i];
            if (IsTooLarge(message))
            {
                continue;
            }

            if (_sent.Count >= room)
            {
                _full.Add(i);
                continue;
            }

            bool isQueueDelay = message.DelayMilliseconds == OutgoingMessage.QueueDelay;
            long keptFrom = now + (isQueueDelay ? _definition!.DelaySeconds * 1_000L : message.DelayMilliseconds);
            long ready = keptFrom;
            if (isQueueDelay && keptFrom > now)
            {
                // The queue's own delay ends on a tick, unless an earlier message waits for longer.
                long due = (keptFrom + 99) / 100 * 100;
                if (lastDue <= due)
                {
                    ready = lastDue = due;
                    effects.Add(new QueueDelays(queue.Number, due));
                }
            }

            _sent.Add(new ModelMessage
            {
                Offset = queue.Next + _sent.Count,
                Body = message.Body.ToArray(),
                ContentType = message.ContentType,
                TraceParent = message.TraceParent,
                Attributes = [.. message.Attributes ?? []],
                Group = message.Group,
                Priority = message.Priority,
                SentMs = now,
                KeptFromMs = keptFrom,
                ReadyMs = ready,
                ExpiresMs = message.ExpiresInMilliseconds == OutgoingMessage.NoExpiry ? 0 : now + message.ExpiresInMilliseconds,
            });
            effects.Add(new MessageIs(queue.Number, _sent[^1]));
        }

        World.History.Sequence(ToString(), effects);
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? refusal = Found is null ? ErrorCode.QueueNotFound : Refusal;
        if (refusal is null && _isGone)
        {
            // It was deleted while the call waited for room.
            refusal = ErrorCode.QueueNotFound;
        }

        CheckRefused(_answer.Error, refusal, this);
        if (refusal is not null)
        {
            return;
        }

        int sent = 0;
        for (int i = 0; i < _messages.Length; i++)
        {
            SendOutcome outcome = _answer.Value[i];
            CheckRefused(outcome.Error, IsTooLarge(_messages[i]) ? ErrorCode.MessageTooLarge : _full.Contains(i) ? ErrorCode.QueueFull : null, ("message", i, this));
            if (outcome.Error is null)
            {
                World.KnowId(_number, _sent[sent++].Offset, outcome.Id);
            }
        }

        World.Coverage.Count("messages sent", sent);
        World.Coverage.Count("messages that found their queue full", _full.Count);
    }

    private bool IsTooLarge(OutgoingMessage message) =>
        _definition is not null
        && message.Body.Length + (message.Attributes ?? []).Sum(one => one.Name.Length + (one.CustomType?.Length ?? 0) + one.Value.Length) > _definition.MaxMessageBytes;
}
