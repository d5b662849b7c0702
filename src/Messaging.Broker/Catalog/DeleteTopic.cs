using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>Deletes a topic with its records, in one frame. A topic of its name that comes later has another id. Cancellation counts until the command is sequenced.</summary>
internal sealed class DeleteTopic(TopicHost host, TopicJournal journal)
{
    private static readonly int BytesMax = TopicJournal.DeleteBytesMax(BrokerLimits.PartitionsMax);

    public async ValueTask<Result<bool>> RunAsync(TopicKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        using Admission admission = await host.Engine.AdmitStateAsync(BytesMax, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(key, precondition, out Result<bool> result);
        return result;
    }

    private ValueTask Sequence(TopicKey key, Precondition precondition, out Result<bool> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(BytesMax))
        {
            BrokerError? refusal = host.Topics.TryGet(key, out LiveTopic? topic) ? precondition.Check(topic.Version) : TopicHost.TopicNotFound(key);
            if (refusal is null) journal.Delete(command, topic!);
            result = refusal is null ? true : refusal;
            synced = command.Commit();
        }

        return synced;
    }
}
