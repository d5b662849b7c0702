using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// What a topic knows of its subscriptions: told of each one that comes, changes or goes, in the sequencer or by recovery, after the directory knows. When the topic itself goes all of this
/// goes with it, and nothing is told.
/// </summary>
internal sealed class TopicSubscriptions(TopicKey topic)
{
    private volatile TaskCompletionSource? _hold;
    private volatile FanOutTable _table = FanOutTable.Empty(StoredEnvelope.Encode(topic));

    /// <summary>Those that get what is published from now on: not those that are paused or wait for their confirmation. Read by anyone.</summary>
    public FanOutTable Table => _table;

    /// <summary>
    /// Ends soon, when the last that a subscription has gathered has gone on; null: nothing is in a publish's way. Whoever publishes all the time waits for it, or the subscription would gather for ever: it is fairness, and no
    /// order depends on it.
    /// </summary>
    public Task? Held => _hold?.Task;

    /// <summary>Publishes that begin wait until <see cref="Release"/>. The loop's that moves messages on, and of nobody else.</summary>
    public void Hold() => _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        TaskCompletionSource? held = _hold;
        _hold = null;
        held?.SetResult();
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>It is there, with its definition, from here on.</summary>
    public void Added(LiveSubscription subscription)
    {
        Invariant.Check(!subscription.Deleted, "A subscription came that had gone.");
        Count++;
        if (subscription.IsReceiving) _table = _table.With(subscription);
    }

    /// <summary>It has another definition, or was paused, resumed or confirmed.</summary>
    public void Changed(LiveSubscription subscription)
    {
        Invariant.Check(!subscription.Deleted && Count > 0, "A subscription changed that is not there.");
        if (subscription is { IsReceiving: true, IsListed: true } && subscription.ListedPolicy == subscription.Policy)
        {
            _table = _table.Again();
            return;
        }

        FanOutTable others = _table.Without(subscription);
        _table = subscription.IsReceiving ? others.With(subscription) : others;
    }

    /// <summary>It is gone from here on.</summary>
    public void Removed(LiveSubscription subscription)
    {
        Invariant.Check(subscription.Deleted && Count > 0, "A subscription went that is still there.");
        Count--;
        _table = _table.Without(subscription);
    }
}
