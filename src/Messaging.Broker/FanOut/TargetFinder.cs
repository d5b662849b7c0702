using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.FanOut;

/// <summary>Finds the queues that get a record, outside of the sequencer: who wants it, and whether their queues are there. <paramref name="isOrdered"/>: the topic is a FIFO one. Used by one call. Hot path.</summary>
internal sealed class TargetFinder(QueueHost host, FanOutTable table, TopicKey topic, bool isOrdered, CopyScope scope)
{
    private readonly HashSet<LiveSubscription> _matches = [];
    // Those whose queue is not there.
    private readonly HashSet<LiveSubscription> _missed = [];

    /// <summary>Inside a command: a queue that was missed is there.</summary>
    public bool IsStale()
    {
        foreach (LiveSubscription subscription in _missed)
        {
            if (QueueOf(subscription) is { } queue && Takes(queue)) return true;
        }

        return false;
    }

    /// <summary>Who gets the record of this number; null where nobody does.</summary>
    public FanOutGroup? Find(int number, ReadOnlySpan<byte> record)
    {
        var group = new FanOutGroup(number);
        _matches.Clear();
        if (scope.Only is not { } only) table.Collect(record, _matches);
        else if (scope.IsChosen || FanOutTable.Wants(only, record)) _matches.Add(only);
        var ids = new CopyIds(record);
        foreach (LiveSubscription subscription in _matches)
        {
            if (scope.Has(subscription)) Resolve(subscription, group, ref ids);
        }

        return group.Targets == 0 ? null : group;
    }

    private void Resolve(LiveSubscription subscription, FanOutGroup group, ref CopyIds ids)
    {
        // Where two histories were joined, two may have one target: it gets one copy.
        for (LiveSubscription? other = subscription.SameTarget; other is not null; other = other.SameTarget)
        {
            if (_matches.Contains(other) && scope.Has(other)) return;
        }

        SubscriptionDefinition definition = subscription.Definition;
        if (QueueOf(subscription) is { } queue && Takes(queue))
        {
            // What is pushed is made into a document when it is delivered, and what gathers when it goes on.
            group.Add(definition.Raw || queue.Subscription is not null ? CopyForm.Raw : CopyForm.Enveloped, Target(subscription, queue, ref ids));
            return;
        }

        _missed.Add(subscription);
        if (definition.DeadLetter is { } name && host.Queues.TryGet(new QueueKey(topic.Account, topic.Namespace, name), out LiveQueue? deadLetters) && Takes(deadLetters))
        {
            group.Add(definition.Raw ? CopyForm.RawFailed : CopyForm.EnvelopedFailed, Target(subscription, deadLetters, ref ids));
        }
    }

    private LiveQueue? QueueOf(LiveSubscription subscription) => scope.PassesGathering ? subscription.TargetIn(host.Queues) : subscription.QueueIn(host.Queues);

    // One that was made anew may be of another type: a FIFO queue's messages have groups, which only a FIFO topic's surely have.
    private bool Takes(LiveQueue queue) => isOrdered || !queue.State.IsOrdered;

    private static FanOutTarget Target(LiveSubscription subscription, LiveQueue queue, ref CopyIds ids)
    {
        QueueDefinition definition = queue.Definition!;
        // What is pushed was deduplicated by the topic, by rules of its own.
        Hash128? id = queue.Subscription is null && definition.Deduplication is { } deduplication ? ids.Find(deduplication) : null;
        return new FanOutTarget(subscription, queue, definition, definition.DelaySeconds > 0 || queue.State.Backlog.HasMarks, id);
    }
}
