using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A topic's definition of one moment, answered once that moment is synced.</summary>
internal sealed class GetTopic(TopicHost host)
{
    public async ValueTask<Result<TopicDescription>> RunAsync(TopicKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        BrokerError? refusal = host.Find(key, out LiveTopic topic);
        if (refusal is not null) return await host.ToldAsync(refusal);
        TopicDescription? description = Look(topic);
        await host.Engine.SyncedAsync();
        return description is null ? TopicHost.TopicNotFound(key) : description;
    }

    /// <summary>Inside a command.</summary>
    public static TopicDescription Describe(TopicHost host, LiveTopic topic) => new(
        topic.Key,
        host.Keys.IdOfTopic(topic.FirstStreamId),
        topic.Definition,
        topic.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(topic.CreatedMs),
        DateTimeOffset.FromUnixTimeMilliseconds(topic.ModifiedMs));

    private TopicDescription? Look(LiveTopic topic)
    {
        using Command command = host.Engine.BeginCommand(0);
        return topic.Deleted ? null : Describe(host, topic);
    }
}
