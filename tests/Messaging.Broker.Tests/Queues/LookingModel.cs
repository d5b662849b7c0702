using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>
/// A queue as anyone would write it, for tests that look into it: every message that was ever sent, in a list, and what it is at a time as a function of that time.
/// </summary>
internal sealed class LookingModel
{
    internal sealed class Message
    {
        public required MessageId Id { get; init; }

        public required string Body { get; init; }

        public required long SentMs { get; init; }

        /// <summary>0: never.</summary>
        public long ExpiresMs { get; init; }

        /// <summary>The end of its delay, or of its lease.</summary>
        public long ReadyMs { get; set; }

        public bool IsHeld { get; set; }

        public bool IsGone { get; set; }

        public int Count { get; set; }

        public long FirstMs { get; set; }

        public List<Receipt> Receipts { get; } = [];

        /// <summary>It dies at its time, or with the lease that runs then.</summary>
        public bool IsAlive(long now) => !IsGone && (ExpiresMs == 0 || now < ExpiresMs || (IsHeld && now < ReadyMs));

        public MessageState State(long now) => now >= ReadyMs ? MessageState.Ready : IsHeld ? MessageState.Leased : MessageState.Delayed;
    }

    public List<Message> Messages { get; } = [];

    public Message[] Alive(long now) => [.. Messages.Where(message => message.IsAlive(now))];

    public QueueCounts Counts(long now)
    {
        MessageState[] states = [.. Alive(now).Select(message => message.State(now))];
        return new QueueCounts(Count(MessageState.Ready), Count(MessageState.Leased), Count(MessageState.Delayed));

        int Count(MessageState wanted) => states.Count(state => state == wanted);
    }

    public Seen[] Browse(long now, MessageState? state) => [.. Alive(now).Where(message => state is null || message.State(now) == state).Select(message => Show(message, now))];

    public static Seen Show(Message message, long now) => new(
        message.Id,
        message.State(now),
        message.Body,
        message.SentMs,
        message.State(now) == MessageState.Delayed ? message.ReadyMs : 0,
        message.State(now) == MessageState.Leased ? message.ReadyMs : 0,
        message.FirstMs,
        message.Count) { ExpiresAtMs = message.ExpiresMs };
}
