using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.FanOut;

/// <summary>A queue that gets a copy, as its subscription says it.</summary>
/// <param name="Subscription">Whose message it is.</param>
/// <param name="Queue">Where it goes: the subscription's, or that of its dead letters.</param>
/// <param name="Definition">The queue's, when it was asked.</param>
/// <param name="MayDelay">Room was made for saying when its messages are due.</param>
/// <param name="Id">Under which the queue has the message once; null where it does not deduplicate.</param>
internal readonly record struct FanOutTarget(LiveSubscription Subscription, LiveQueue Queue, QueueDefinition Definition, bool MayDelay, Hash128? Id)
{
    /// <summary>Inside a command: it is not what it was when it was asked.</summary>
    public bool IsStale => Queue.Deleted || Queue.Definition != Definition || (!MayDelay && Queue.State.Backlog.HasMarks);

    /// <summary>Inside a command: the queue has not had it within its window.</summary>
    public bool IsNew(long now)
    {
        if (Id is not { } id) return true;
        Queue.State.Advance(now);
        return Queue.State.Windows?.TryGetFirst(id, now, out _) != true;
    }
}
