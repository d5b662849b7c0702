using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Shows one message by its id, without touching it. Answered once the moment that it tells of is synced.</summary>
internal sealed class LookAtMessage(QueueHost host, MessageLocator locator, BrowsedReader reader)
{
    private static readonly BrokerError Damaged = new(ErrorCode.MessageDamaged, "The bytes of the message can't be read from the disk; everything else is served.");

    public async ValueTask<Result<BrowsedMessages>> RunAsync(QueueKey key, MessageId id, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        await Look(queue, id, locator.Decode(id), out refusal, out long offset, out MessageStatus status, out long oldest);
        if (refusal is not null) return refusal;
        BrowsedMessages message = reader.Read(queue, [offset], [status], oldest, out int read);
        if (message.Messages.Count > 0) return message;
        refusal = read == 0 ? BrowsedReader.Exhausted : message.Damaged.Count > 0 ? Damaged : MessageLocator.NotFound;
        message.Dispose();
        // That it is gone may be a change since the look.
        return await host.ToldAsync(refusal);
    }

    private ValueTask Look(LiveQueue queue, MessageId id, MessagePlace place, out BrokerError? refusal, out long offset, out MessageStatus status, out long oldest)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            long now = host.Clock.NowMs();
            refusal = Find(queue, id, place, now, out offset);
            status = refusal is null ? MessageStatus.Of(queue.State, offset) : default;
            oldest = queue.OldestMs(now);
            synced = command.Commit();
        }

        return synced;
    }

    private BrokerError? Find(LiveQueue queue, MessageId id, MessagePlace place, long now, out long offset)
    {
        offset = 0;
        if (queue.Deleted) return QueueHost.QueueNotFound(queue.Key);
        queue.State.Advance(now);
        return locator.TryFind(queue, id, place, out offset) ? null : MessageLocator.NotFound;
    }
}
