using System.Security.Cryptography;
using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>What a client sends, and what it calls that, so that it can send it again.</summary>
internal sealed record SendRequest(QueueKey Key, OutgoingMessage[] Messages, string? IdempotencyKey, string Asked);

/// <summary>
/// A send of one or many messages: all of them or none, except those that are too large, or too many for the queue. Under a known idempotency key it has no effect, and the answer of the
/// first.
/// </summary>
internal sealed class SendCall : CommandCall
{
    private readonly OutgoingMessage[] _messages;
    private readonly QueueDefinition? _definition;
    private readonly List<ModelMessage> _sent = [];
    private readonly SendRequest _request;
    private readonly List<ModelOutcome> _expected = [];
    private bool _isGone;
    private bool _isReused;
    private int _number;
    private Result<SendOutcome[]> _answer;

    public SendCall(BrokerWorld world, SendRequest request)
        : base(world, request.Key)
    {
        _request = request;
        _messages = request.Messages;
        _definition = Found?.Definition;
    }

    protected override bool NeedsNoRoom => base.NeedsNoRoom || _messages.All(message => WhyRefused(message) is not null) || Found!.AnswerOf(_request.IdempotencyKey, World.NowMs) is not null;

    protected override bool Adds => true;

    public override string ToString() => $"send {_messages.Length} to {Key.Name}{(_request.IdempotencyKey is { } key ? $" under {key}, {_request.Asked}" : "")}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.SendAsync(Key, _messages, Idempotent(), CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _isGone = queue is null;
        if (queue is null)
        {
            return;
        }

        _number = queue.Number;
        if (queue.AnswerOf(_request.IdempotencyKey, now) is { } answered)
        {
            _isReused = answered.Asked != _request.Asked;
            _expected.AddRange(answered.Outcomes);
            World.Coverage.Count($"idempotency keys that came again for {(_isReused ? "another" : "the same")} request");
            return;
        }

        var effects = new List<ModelEffect>();
        long lastDue = queue.LastDueMs;
        int room = (queue.Definition.MaxMessages ?? int.MaxValue) - queue.Alive(now).Count();
        var known = new Dictionary<string, long>();
        foreach (OutgoingMessage message in _messages)
        {
            if (WhyRefused(message) is { } refused)
            {
                _expected.Add(new ModelOutcome(0, refused));
                continue;
            }

            string? id = IdOf(message);
            if (id is not null && (queue.FirstOf(id, now)?.Offset ?? (known.TryGetValue(id, out long here) ? here : null)) is { } first)
            {
                _expected.Add(new ModelOutcome(first, null, IsDuplicate: true));
                World.Coverage.Count("duplicates that were not stored");
                continue;
            }

            if (_sent.Count >= room)
            {
                _expected.Add(new ModelOutcome(0, ErrorCode.QueueFull));
                World.Coverage.Count("messages that found their queue full");
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
                DeduplicationId = id,
                Attributes = [.. message.Attributes ?? []],
                Group = message.Group,
                Priority = message.Priority,
                SentMs = now,
                KeptFromMs = keptFrom,
                ReadyMs = ready,
                ExpiresMs = message.ExpiresInMilliseconds == OutgoingMessage.NoExpiry ? 0 : now + message.ExpiresInMilliseconds,
            });
            effects.Add(new MessageIs(queue.Number, _sent[^1]));
            _expected.Add(new ModelOutcome(_sent[^1].Offset, null));
            if (id is not null)
            {
                known.Add(id, _sent[^1].Offset);
                effects.Add(new IdIs(queue.Number, id, new ModelFirst(_sent[^1].Offset, now + (_definition!.Deduplication!.WindowSeconds * 1_000L))));
            }
        }

        if (_request.IdempotencyKey is { } key && _expected.Exists(outcome => outcome.Error is null))
        {
            effects.Add(new KeyIs(queue.Number, key, new ModelAnswer(_request.Asked, _expected, now + (BrokerLimits.IdempotencySeconds * 1_000L))));
        }

        World.History.Sequence(ToString(), effects);
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? refusal = Found is null || _isGone ? ErrorCode.QueueNotFound : _isReused ? ErrorCode.IdempotencyKeyReused : null;
        CheckRefused(_answer.Error, Refusal ?? refusal, this);
        for (int i = 0; i < _messages.Length && _answer.IsOk; i++)
        {
            SendOutcome outcome = _answer.Value[i];
            CheckRefused(outcome.Error, _expected[i].Error, ("message", i, this));
            if (outcome.Error is null)
            {
                Check(outcome.IsDuplicate == _expected[i].IsDuplicate, $"message {i} of {this} is a duplicate: {_expected[i].IsDuplicate}");
                World.KnowId(_number, _expected[i].Offset, outcome.Id);
            }
        }

        World.Coverage.Count("messages sent", _sent.Count);
    }

    private IdempotentRequest? Idempotent() => _request.IdempotencyKey is { } text && IdempotencyKey.TryParse(text, out IdempotencyKey key)
        ? new IdempotentRequest(key, SHA256.HashData(Encoding.UTF8.GetBytes(_request.Asked)))
        : null;

    // As Amazon SQS has it, by id before by content.
    private string? IdOf(OutgoingMessage message) => message.DeduplicationId
        ?? (_definition?.Deduplication is { ContentBased: true } ? Convert.ToHexStringLower(SHA256.HashData(message.Body.Span)) : null);

    private ErrorCode? WhyRefused(OutgoingMessage message) =>
        IsTooLarge(message) ? ErrorCode.MessageTooLarge
        : message.DeduplicationId is not null && _definition?.Deduplication is null ? ErrorCode.InvalidValue
        : null;

    private bool IsTooLarge(OutgoingMessage message) =>
        _definition is not null
        && message.Body.Length + (message.Attributes ?? []).Sum(one => one.Name.Length + (one.CustomType?.Length ?? 0) + one.Value.Length) > _definition.MaxMessageBytes;
}
