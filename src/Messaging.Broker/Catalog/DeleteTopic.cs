using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Deletes a topic with its records and its subscriptions, in one frame. A topic of its name that comes later has another id. Cancellation counts until the command is sequenced.
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

        return await MeasuredCommand.RunAsync<bool>(
            host.Shared, frees: true, () => BytesMax(key), (in Command command, int bytes) => Delete(command, change, bytes), cancellationToken);
    }

    private int BytesMax(in TopicKey key) => TopicJournal.DeleteBytesMax(
        host.Topics.TryGet(key, out LiveTopic? topic) ? topic.Partitions.Length : 0, catalog.Subscriptions.Subscriptions.Of(key)?.StreamsMax ?? 0);

    private Result<bool>? Delete(in Command command, TopicChange change, int bytes)
    {
        if (BytesMax(change.Key) > bytes) return default(Result<bool>?);
        host.Topics.TryGet(change.Key, out LiveTopic? topic);
        if (change.WhyNotDeleted(topic) is { } refusal) return refusal;
        journal.Delete(command, topic!, catalog.Version + 1);
        return true;
    }
}
