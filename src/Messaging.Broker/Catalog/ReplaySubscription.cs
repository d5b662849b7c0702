using Messaging.Broker.Copies;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Copies what a topic keeps of a span of time to one of its subscriptions again, by tasks that the <see cref="CopyRunner"/> carries on, also after a restart; or ends that before it is done: state of the log, also where
/// definitions have their truth beside it. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class ReplaySubscription(TopicHost host, SubscriptionDirectory subscriptions, SubscriptionJournal journal)
{
    private static readonly BrokerError WrongFrom = new(ErrorCode.InvalidValue, "A replay begins with the earliest record, or at a time from 1970 on that is not to come.", "from");
    private static readonly BrokerError WrongTo = new(ErrorCode.InvalidValue, "A replay ends after it begins, and before the year 10000.", "to");

    public async ValueTask<Result<SubscriptionDescription>> StartAsync(SubscriptionKey key, SubscriptionStart from, long? toMs, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        if (WhyWrong(from, toMs) is { } wrong) return wrong;
        Result<SubscriptionDescription> started = await MeasuredCommand.RunAsync<SubscriptionDescription>(
            host.Shared, frees: false, () => BytesMax(key), (in Command command, int bytes) => BytesMax(key) > bytes ? default(Result<SubscriptionDescription>?) : Start(command, key, from, toMs), cancellationToken);
        if (started.IsOk) host.Shared.Aside.Signal();
        return started;
    }

    /// <summary>What is copied stays copied. One that is over, or was never asked for, is forgotten as well.</summary>
    public async ValueTask<Result<SubscriptionDescription>> EndAsync(SubscriptionKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } refusal) return refusal;
        return await MeasuredCommand.RunAsync<SubscriptionDescription>(
            host.Shared, frees: true, static () => SubscriptionJournal.EndReplayBytesMax, (in Command command, int _) => End(command, key), cancellationToken);
    }

    private BrokerError? WhyWrong(SubscriptionStart from, long? toMs)
    {
        bool isFrom = from.IsLegal && from != SubscriptionStart.Now && from.TimeMs <= host.Clock.NowMs();
        if (!isFrom) return WrongFrom;
        return toMs is { } to && (to <= from.TimeMs || to > MessageLimits.TimestampMsMax) ? WrongTo : null;
    }

    private int BytesMax(in SubscriptionKey key) => SubscriptionJournal.StartReplayBytesMax + (host.Topics.TryGet(key.Topic, out LiveTopic? topic) ? CopyJournal.CopyAllBytesMax(topic) : 0);

    private Result<SubscriptionDescription> Start(in Command command, in SubscriptionKey key, SubscriptionStart from, long? toMs)
    {
        if (!subscriptions.TryGet(key, out LiveSubscription? subscription) || !host.Topics.TryGet(key.Topic, out LiveTopic? topic)) return SubscriptionChange.NotFound(host.Topics, key);
        if (subscription.Replay is { Left: > 0 }) return new BrokerError(ErrorCode.ReplayRunning, $"A replay of \"{key.Name}\" goes on; wait for its end.");
        bool isKept = topic.Definition.RetentionSeconds != 0 && Array.Exists(topic.Partitions, static partition => partition.State.Low < partition.Stream.Next);
        if (!isKept) return new BrokerError(ErrorCode.NothingRetained, $"The topic \"{key.Topic.Name}\" keeps no records: there is nothing to replay.");
        journal.StartReplay(command, subscription, from, toMs);
        return GetSubscription.Describe(host.Keys, subscription);
    }

    private Result<SubscriptionDescription> End(in Command command, in SubscriptionKey key)
    {
        if (!subscriptions.TryGet(key, out LiveSubscription? subscription)) return SubscriptionChange.NotFound(host.Topics, key);
        if (subscription.Replay is not null) journal.EndReplay(command, subscription);
        return GetSubscription.Describe(host.Keys, subscription);
    }
}
