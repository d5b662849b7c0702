using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Shows one message by its id, without touching it, also where it has gone to a dead-letter queue. Answered once the moment that it tells of is synced.</summary>
internal sealed class LookAtMessage(QueueHost host, MessageLocator locator, BrowsedReader reader)
{
    private static readonly BrokerError Damaged = new(ErrorCode.MessageDamaged, "The bytes of the message can't be read from the disk; everything else is served.");

    public async ValueTask<Result<BrowsedMessages>> RunAsync(QueueKey key, MessageId id, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        await Look(queue, id, out LookedAt looked);
        if (looked.Refusal is not null) return looked.Refusal;
        BrowsedMessages message = reader.Read(looked.Queue!, [looked.Offset], [looked.Status], looked.OldestMs, out int read);
        if (message.Messages.Count > 0) return message;
        refusal = read == 0 ? BrowsedReader.Exhausted : message.Damaged.Count > 0 ? Damaged : MessageLocator.NotFound;
        message.Dispose();
        // That it is gone may be a change since the look.
        return await host.ToldAsync(refusal);
    }

    private ValueTask Look(LiveQueue queue, MessageId id, out LookedAt looked)
    {
        MessagePlace place = locator.Decode(id);
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            looked = Find(queue, id, place, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }

    private LookedAt Find(LiveQueue queue, MessageId id, MessagePlace place, long now)
    {
        if (queue.Deleted) return new LookedAt { Refusal = QueueHost.QueueNotFound(queue.Key) };
        return locator.TryFollow(queue, id, place, now, out LiveQueue? holder, out long offset)
            ? new LookedAt { Queue = holder, Offset = offset, Status = MessageStatus.Of(holder.State, offset), OldestMs = holder.OldestMs(now) }
            : new LookedAt { Refusal = MessageLocator.NotFound };
    }

    /// <summary>Where the message was found and how it stood, or why not.</summary>
    private readonly record struct LookedAt
    {
        public BrokerError? Refusal { get; init; }

        public LiveQueue? Queue { get; init; }

        public long Offset { get; init; }

        public MessageStatus Status { get; init; }

        public long OldestMs { get; init; }
    }
}
