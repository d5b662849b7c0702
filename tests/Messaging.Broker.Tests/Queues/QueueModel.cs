using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>A queue as anyone would write it: every message in a list. It judges the answers of the real one.</summary>
internal sealed class QueueModel(QueueDefinition definition, bool expires)
{
    private readonly List<Message> _messages = [];

    internal sealed class Message(int offset, string body, string? group, int priority, long sentMs, long dueMs)
    {
        public int Offset => offset;

        public string? Group => group;

        public int Priority => priority;

        public string Body => body;

        public long SentMs => sentMs;

        /// <summary>Not before this time, for its first delivery and for those after a release.</summary>
        public long ReadyMs { get; set; } = dueMs;

        public long DueMs { get; } = dueMs;

        public bool IsGone { get; set; }

        /// <summary>Of the latest delivery, unless it was released.</summary>
        public long LeaseEndsMs { get; set; }

        public long RetryMs { get; set; }

        public bool IsReleased { get; set; }

        public int Count { get; set; }

        public long FirstMs { get; set; }

        public List<Receipt> Receipts { get; } = [];
    }

    public IReadOnlyList<Message> Messages => _messages;

    public void Send(string body, string? group, int priority, long now, long due) =>
        _messages.Add(new Message(_messages.Count, body, group, priority, now, Math.Max(now, due)));

    public bool IsExpired(Message message, long now) => message.DueMs < now - (definition.RetentionSeconds * 1_000L);

    public static bool IsLeased(Message message, long now) => message is { IsGone: false, Count: > 0, IsReleased: false } && message.LeaseEndsMs > now;

    public QueueCounts Counts(long now)
    {
        long ready = _messages.Count(message => !message.IsGone && message.ReadyMs <= now);
        long leased = _messages.Count(message => IsLeased(message, now));
        return new QueueCounts(ready, leased, _messages.Count(message => !message.IsGone) - ready - leased);
    }

    public void Received(IReadOnlyList<Delivered> received, int max, long streamId, long now, long deadline)
    {
        Message[] expected = [.. InOrder(now).Where(message => !IsExpired(message, now))];
        // Which group comes first depends on its oldest message, and whether that was dropped already does not show.
        if (expires && definition.Type == QueueType.Fifo) expected = AsChosen(expected, received);
        expected = expected[..Math.Min(max, expected.Length)];
        // A receive that meets some that are over their retention may give fewer, never others. Whether they were dropped already does not show.
        bool someExpired = _messages.Any(message => !message.IsGone && message.ReadyMs <= now && IsExpired(message, now));
        Assert.Equal(expected.Select(message => message.Body).Take(received.Count), received.Select(message => message.Body));
        if (!someExpired) Assert.Equal(expected.Length, received.Count);
        else Assert.Equal(expected.Length > 0, received.Count > 0);
        for (int i = 0; i < received.Count; i++)
        {
            Message message = expected[i];
            Assert.Equal(++message.Count, received[i].ReceiveCount);
            if (message.Count == 1) message.FirstMs = now;
            Assert.Equal(message.FirstMs, received[i].FirstReceivedAtMs);
            Assert.Equal(message.SentMs, received[i].SentAtMs);
            Assert.Equal(deadline, received[i].LeasedUntilMs);
            message.Receipts.Add(received[i].Receipt);
            message.RetryMs = RetryDelay.Of(definition.Retry, streamId, message.Offset, message.Count);
            message.LeaseEndsMs = deadline;
            message.ReadyMs = deadline + message.RetryMs;
            message.IsReleased = false;
        }
    }

    public ErrorCode? Acknowledged(Message message, int count)
    {
        if (message.IsGone) return null;
        if (count < message.Count) return ErrorCode.ReceiptStale;
        message.IsGone = true;
        return null;
    }

    /// <summary>Null seconds: a release that says nothing.</summary>
    public ErrorCode? Rescheduled(Message message, int count, long now, int? seconds, bool isRelease)
    {
        if (message.IsGone) return ErrorCode.MessageGone;
        if (count < message.Count) return ErrorCode.ReceiptStale;
        if (!IsLeased(message, now)) return ErrorCode.NotLeased;
        message.LeaseEndsMs = now + (seconds * 1_000L ?? message.RetryMs);
        if (message.LeaseEndsMs <= now) message.RetryMs = 0;
        message.ReadyMs = message.LeaseEndsMs + (isRelease ? 0 : message.RetryMs);
        message.IsReleased = isRelease;
        return null;
    }

    // Groups in the order of the answer, each from its first message on, and then the others.
    private static Message[] AsChosen(Message[] expected, IReadOnlyList<Delivered> received)
    {
        Dictionary<string, Message> byBody = expected.ToDictionary(message => message.Body);
        List<string?> chosen = [.. received.Select(message => byBody[message.Body].Group).Distinct()];
        return [.. expected.OrderBy(message => chosen.IndexOf(message.Group) is var place and >= 0 ? place : int.MaxValue)];
    }

    // The oldest of the highest priority; of an ordered queue group after group, the one with the oldest message first, unless one of it is with somebody.
    private IEnumerable<Message> InOrder(long now)
    {
        Message[] ready = [.. _messages.Where(message => !message.IsGone && message.ReadyMs <= now)];
        if (definition.Type != QueueType.Fifo) return ready.OrderByDescending(message => message.Priority);
        HashSet<string?> blocked = [.. _messages.Where(message => message is { IsGone: false, Count: > 0 } && message.ReadyMs > now).Select(message => message.Group)];
        return ready.Where(message => !blocked.Contains(message.Group)).GroupBy(message => message.Group).OrderBy(group => group.First().Offset).SelectMany(group => group);
    }
}
