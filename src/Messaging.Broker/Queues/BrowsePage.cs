using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What one look at a queue has found, before anything is read.</summary>
internal sealed class BrowsePage(int limit)
{
    private readonly List<long> _offsets = [];
    private readonly List<MessageStatus> _statuses = [];

    public long[] Offsets => [.. _offsets];

    public MessageStatus[] Statuses => [.. _statuses];

    public int Count => _offsets.Count;

    /// <summary>What was due before is past its retention, as of the look.</summary>
    public long OldestMs { get; private set; }

    /// <summary>Where the look ended; null at the end of the queue.</summary>
    public long? Next { get; private set; }

    /// <summary>Looks at what lives from that offset on, in the order of offsets, as far as one look goes. Inside a command.</summary>
    public void Look(LiveQueue queue, long from, MessageState? wanted, long now)
    {
        OldestMs = queue.OldestMs(now);
        queue.State.Advance(now);
        long offset = queue.Stream.NextLive(from);
        for (int looked = 0; offset < queue.Stream.Next && looked < QueueLimits.BrowseLooksMax && Count < limit; looked++)
        {
            MessageStatus status = MessageStatus.Of(queue.State, offset);
            if (wanted is null || wanted == status.State)
            {
                _offsets.Add(offset);
                _statuses.Add(status);
            }

            offset = queue.Stream.NextLive(offset + 1);
        }

        Next = offset < queue.Stream.Next ? offset : null;
    }
}
