using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>A call about receipts: what each is worth is judged one by one, in their order.</summary>
internal abstract class ReceiptCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts) : CommandCall(world, key)
{
    private readonly List<ErrorCode?> _expected = [];
    private bool _isGone;

    protected HeldReceipt[] Receipts => receipts;

    protected Result<BrokerError?[]> Answer { get; set; }

    /// <summary>Why the call is refused whatever its receipts are; null where it is not.</summary>
    protected virtual ErrorCode? CallRefusal => null;

    protected override bool NeedsNoRoom => base.NeedsNoRoom || Array.TrueForAll(receipts, held => WorthWithoutState(held) is not null);

    public override string ToString() => $"{GetType().Name} of {receipts.Length} on {Key.Name}";

    protected override void Decide(ModelQueue? queue, long now)
    {
        _isGone = queue is null;
        if (queue is null || CallRefusal is not null)
        {
            return;
        }

        var effects = new List<ModelEffect>();
        var gone = new HashSet<long>();
        foreach (HeldReceipt held in receipts)
        {
            ErrorCode? refusal = WorthWithoutState(held);
            if (refusal is null)
            {
                ModelMessage? message = gone.Contains(held.Offset) ? null : queue.Find(held.Offset, now);
                refusal = Worth(message, held, now);
                if (refusal is null && message is not null && Effect(queue, message, Array.IndexOf(receipts, held), now) is { } effect)
                {
                    effects.Add(effect);
                    _ = effect is MessageGone or MessageMoved && gone.Add(held.Offset);
                }
            }

            _expected.Add(refusal);
        }

        World.History.Sequence(ToString(), effects);
    }

    /// <summary>What a genuine receipt of this queue is worth; null for a message that is gone.</summary>
    protected abstract ErrorCode? Worth(ModelMessage? message, in HeldReceipt held, long now);

    protected abstract ModelEffect? Effect(ModelQueue queue, ModelMessage message, int index, long now);

    protected override void JudgeAnswer()
    {
        CheckRefused(Answer.Error, Refusal ?? (_isGone || Found is null ? ErrorCode.QueueNotFound : CallRefusal), this);
        for (int i = 0; i < _expected.Count; i++)
        {
            CheckRefused(Answer.Value[i], _expected[i], ("receipt", receipts[i], this));
            World.Coverage.Count($"receipts that answered {_expected[i]?.ToString() ?? "OK"}");
        }
    }

    private ErrorCode? WorthWithoutState(HeldReceipt held) =>
        held.IsForged ? ErrorCode.ReceiptInvalid : held.Number != Found?.Number ? ErrorCode.ReceiptOfAnotherQueue : null;
}

/// <summary>Idempotent; good for the latest receipt, also when its lease is over.</summary>
internal sealed class AcknowledgeCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts) : ReceiptCall(world, key, receipts)
{
    protected override async Task Ask(MessageBroker broker) =>
        Answer = await broker.Queues.AcknowledgeAsync(Key, Receipts.Select(held => held.Receipt).ToArray(), CancellationToken.None);

    protected override ErrorCode? Worth(ModelMessage? message, in HeldReceipt held, long now) =>
        message is not null && message.ReceiveCount > held.ReceiveCount ? ErrorCode.ReceiptStale : null;

    protected override ModelEffect Effect(ModelQueue queue, ModelMessage message, int index, long now) => new MessageGone(queue.Number, message.Offset);
}

/// <summary>Only who holds the message now can change its lease.</summary>
internal abstract class LeaseCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts) : ReceiptCall(world, key, receipts)
{
    protected override ErrorCode? Worth(ModelMessage? message, in HeldReceipt held, long now)
    {
        if (message is null)
        {
            return ErrorCode.MessageGone;
        }

        return message.ReceiveCount > held.ReceiveCount ? ErrorCode.ReceiptStale : message.IsLeased(now) ? null : ErrorCode.NotLeased;
    }
}

/// <summary>The lease ends so many seconds from now.</summary>
internal sealed class ExtendCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts, int[] seconds) : LeaseCall(world, key, receipts)
{
    protected override async Task Ask(MessageBroker broker) =>
        Answer = await broker.Queues.ExtendAsync(Key, Receipts.Select((held, i) => new ExtendEntry(held.Receipt, seconds[i])).ToArray(), CancellationToken.None);

    protected override ModelEffect Effect(ModelQueue queue, ModelMessage message, int index, long now) =>
        new MessageIs(queue.Number, message.Extended(now, now + (seconds[index] * 1_000L)));
}

/// <summary>Given back, ready so many seconds from now, or as the retry policy says; some of them unhandled.</summary>
internal sealed class ReleaseCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts, (int? Seconds, bool IsUnhandled)[] wishes) : LeaseCall(world, key, receipts)
{
    protected override async Task Ask(MessageBroker broker) =>
        Answer = await broker.Queues.ReleaseAsync(
            Key, Receipts.Select((held, i) => new ReleaseEntry(held.Receipt, wishes[i].Seconds) { IsUnhandled = wishes[i].IsUnhandled }).ToArray(), CancellationToken.None);

    protected override ModelEffect Effect(ModelQueue queue, ModelMessage message, int index, long now)
    {
        World.Coverage.Count(wishes[index].IsUnhandled ? "messages given back unhandled" : "messages given back");
        return new MessageIs(queue.Number, message.Released(now, wishes[index].Seconds, wishes[index].IsUnhandled));
    }
}
