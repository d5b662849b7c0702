using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>A message that was looked at, copied.</summary>
internal sealed record Seen(
    MessageId Id, MessageState State, string Body, long SentAtMs, long AvailableAtMs, long LeasedUntilMs, long FirstReceivedAtMs, int ReceiveCount)
{
    public long ExpiresAtMs { get; init; }

    public static Seen Of(BrowsedMessage message) => new(
        message.Id, message.State, Encoding.UTF8.GetString(message.Body.Span), message.SentAtMs, message.AvailableAtMs, message.LeasedUntilMs, message.FirstReceivedAtMs, message.ReceiveCount)
    {
        ExpiresAtMs = message.ExpiresAtMs,
    };
}

/// <summary>The calls of tests that look into a queue, in few words.</summary>
internal static class Looking
{
    public static async Task<Result<Seen>> Look(this BrokerHarness broker, QueueKey key, MessageId id)
    {
        Result<BrowsedMessages> found = await broker.Broker.Queues.LookAsync(key, id, default);
        if (!found.IsOk) return found.Error;
        using BrowsedMessages messages = found.Value;
        return Seen.Of(Assert.Single(messages.Messages));
    }

    public static async Task<ErrorCode?> Cancel(this BrokerHarness broker, QueueKey key, MessageId id) => (await broker.Broker.Queues.CancelAsync(key, id, default)).Error?.Code;

    public static async Task<long> Purge(this BrokerHarness broker, QueueKey key)
    {
        Result<long> purged = await broker.Broker.Queues.PurgeAsync(key, default);
        Assert.True(purged.IsOk, purged.Error?.Detail);
        return purged.Value;
    }

    public static async Task<(Seen[] Page, string? Next)> Browse(this BrokerHarness broker, QueueKey key, MessageState? state = null, string? after = null, int limit = 1_000)
    {
        Result<BrowsedMessages> found = await broker.Broker.Queues.BrowseAsync(key, new BrowseRequest(state, after, limit), default);
        Assert.True(found.IsOk, found.Error?.Detail);
        using BrowsedMessages messages = found.Value;
        Assert.Empty(messages.Damaged);
        return ([.. messages.Messages.Select(Seen.Of)], messages.NextPageToken);
    }

    /// <summary>All pages, one after the other.</summary>
    public static async Task<Seen[]> BrowseAll(this BrokerHarness broker, QueueKey key, MessageState? state = null, int limit = 1_000)
    {
        List<Seen> all = [];
        string? after = null;
        do
        {
            (Seen[] page, after) = await broker.Browse(key, state, after, limit);
            all.AddRange(page);
        }
        while (after is not null);
        return [.. all];
    }
}
