using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>A queue as anyone would write it: every message in a list. It judges the answers of the real one.</summary>
internal sealed class QueueModel(long retentionMs)
{
    private readonly List<Message> _messages = [];

    internal sealed class Message(string body, long sentMs, long dueMs)
    {
        public string Body => body;

        public long SentMs => sentMs;

        /// <summary>Not before this time, for its first delivery and for those after a release.</summary>
        public long ReadyMs { get; set; } = dueMs;

        public long DueMs { get; } = dueMs;

        public bool IsGone { get; set; }

        public bool IsReleased { get; set; }

        public int Count { get; set; }

        public long FirstMs { get; set; }

        public List<Receipt> Receipts { get; } = [];
    }

    public IReadOnlyList<Message> Messages => _messages;

    public void Send(string body, long now, long due) => _messages.Add(new Message(body, now, Math.Max(now, due)));

    public bool IsExpired(Message message, long now) => message.DueMs < now - retentionMs;

    public static bool IsLeased(Message message, long now) => message is { IsGone: false, Count: > 0, IsReleased: false } && message.ReadyMs > now;

    public QueueCounts Counts(long now)
    {
        long ready = _messages.Count(message => !message.IsGone && message.ReadyMs <= now);
        long leased = _messages.Count(message => IsLeased(message, now));
        return new QueueCounts(ready, leased, _messages.Count(message => !message.IsGone) - ready - leased);
    }

    public void Received(IReadOnlyList<Delivered> received, int max, long now, long deadline)
    {
        Message[] expected = [.. _messages.Where(message => !message.IsGone && message.ReadyMs <= now && !IsExpired(message, now)).Take(max)];
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
            message.ReadyMs = deadline;
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

    public ErrorCode? Rescheduled(Message message, int count, long now, long readyMs, bool isRelease)
    {
        if (message.IsGone) return ErrorCode.MessageGone;
        if (count < message.Count) return ErrorCode.ReceiptStale;
        if (!IsLeased(message, now)) return ErrorCode.NotLeased;
        message.ReadyMs = readyMs;
        message.IsReleased = isRelease;
        return null;
    }
}
