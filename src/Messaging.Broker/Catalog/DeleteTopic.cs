using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes a topic with its records, in one frame. A topic of its name that comes later has another id. Cancellation counts until the command is sequenced.
/// With a truth beside the log the change goes to the <paramref name="writer"/>.
/// </summary>
internal sealed class DeleteTopic(TopicHost host, LocalCatalog catalog, TopicJournal journal, CatalogWriter? writer)
{
    public async ValueTask<Result<bool>> RunAsync(TopicKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        var change = new TopicChange(key, Define: null, precondition);
        if (writer is not null)
        {
            Result<ChangedDefinition[]> changed = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
            return changed.IsOk ? true : changed.Error;
        }

        while (true)
        {
            int bytes = BytesMax(key);
            using Admission admission = await host.Engine.AdmitStateAsync(bytes, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await Sequence(change, bytes, out Result<bool>? result);
            if (result is { } done) return done;
        }
    }

    private int BytesMax(in TopicKey key) => TopicJournal.DeleteBytesMax(host.Topics.TryGet(key, out LiveTopic? topic) ? topic.Partitions.Length : 0);

    // Null where the topic has grown since it was measured.
    private ValueTask Sequence(TopicChange change, int bytes, out Result<bool>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            result = default(Result<bool>?);
            if (BytesMax(change.Key) <= bytes) result = Decide(command, change);
            synced = command.Commit();
        }

        return synced;
    }

    private Result<bool> Decide(in Command command, TopicChange change)
    {
        host.Topics.TryGet(change.Key, out LiveTopic? topic);
        if (change.WhyNotDeleted(topic) is { } refusal) return refusal;
        journal.Delete(command, topic!, catalog.Version + 1);
        return true;
    }
}
