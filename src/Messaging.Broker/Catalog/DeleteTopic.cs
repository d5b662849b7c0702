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
    private static readonly int BytesMax = TopicJournal.DeleteBytesMax(BrokerLimits.PartitionsMax);

    public async ValueTask<Result<bool>> RunAsync(TopicKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        var change = new TopicChange(key, Define: null, precondition);
        if (writer is not null)
        {
            Result<ChangedDefinition[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
            return done.IsOk ? true : done.Error;
        }

        using Admission admission = await host.Engine.AdmitStateAsync(BytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(change, out Result<bool> result);
        return result;
    }

    private ValueTask Sequence(TopicChange change, out Result<bool> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(BytesMax))
        {
            host.Topics.TryGet(change.Key, out LiveTopic? topic);
            BrokerError? refusal = change.WhyNotDeleted(topic);
            if (refusal is null) journal.Delete(command, topic!, catalog.Version + 1);
            result = refusal is null ? true : refusal;
            synced = command.Commit();
        }

        return synced;
    }
}
