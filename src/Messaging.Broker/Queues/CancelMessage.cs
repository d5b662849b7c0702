using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Removes one message by its id, before anybody has it: ready or delayed. One that is leased is its receiver's. Cancellation of the call counts until the command is sequenced.</summary>
internal sealed class CancelMessage(QueueHost host, MessageLocator locator)
{
    private static readonly BrokerError Leased = new(ErrorCode.MessageLeased, "The message is leased: only its receiver can be done with it.");
    private static readonly int Bytes = Command.StateBytes(QueueEntryWriter.BytesMax(1));

    public async ValueTask<Result<bool>> RunAsync(QueueKey key, MessageId id, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        MessagePlace place = locator.Decode(id);
        using Admission admission = await host.Engine.AdmitStateAsync(Bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(admission, queue, id, place, out refusal);
        return refusal is null ? true : refusal;
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, MessageId id, MessagePlace place, out BrokerError? refusal)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(Bytes))
        {
            refusal = Decide(command, queue, id, place);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private BrokerError? Decide(in Command command, LiveQueue queue, MessageId id, MessagePlace place)
    {
        if (queue.Deleted) return QueueHost.QueueNotFound(queue.Key);
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        if (!locator.TryFind(queue, id, place, out long offset)) return MessageLocator.NotFound;
        if (MessageStatus.Of(queue.State, offset).State == MessageState.Leased) return Leased;
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Cancelled, now);
        entry.Offset(offset);
        command.AppendState(queue.Stream, entry.Written);
        queue.State.ApplyGone(offset);
        // What was given back for a time is in the way of an ordered group.
        host.Wakes.Wake(queue, now);
        return null;
    }
}
