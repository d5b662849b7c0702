using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Drops all messages of a queue, leased ones included: receipts of them answer that their message is gone. The queue itself stays, with the receives that
/// wait on it. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class PurgeQueue(QueueHost host)
{
    private static readonly int Bytes = Command.StateBytes(QueueEntryWriter.HeadBytesMax);

    public async ValueTask<Result<long>> RunAsync(QueueKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        using Admission admission = await host.Engine.AdmitStateAsync(Bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(admission, queue, out long? purged);
        return purged is null ? QueueHost.QueueNotFound(key) : purged.Value;
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, out long? purged)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(Bytes))
        {
            purged = queue.Deleted ? null : Purge(command, queue);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private long Purge(in Command command, LiveQueue queue)
    {
        LogStream stream = queue.Stream;
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        long purged = stream.LiveCount;
        if (purged == 0) return 0;
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Purged, now);
        entry.Number(stream.Next);
        command.AppendState(stream, entry.Written);
        queue.State.ApplyPurged(stream.Next);
        return purged;
    }
}
