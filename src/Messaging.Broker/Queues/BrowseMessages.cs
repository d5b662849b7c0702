using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// A page of a queue's messages in the order of their offsets, without touching them. States are those of one moment, which is synced before bodies are read and the
/// answer is given. A page ends where it is full, where one look or one answer ends (<see cref="QueueLimits.BrowseLooksMax"/>, <see
/// cref="BrokerLimits.CallBytesMax"/>), or with the queue; the token is an offset, so that pages are stable while messages come and go.
/// </summary>
internal sealed class BrowseMessages(QueueHost host, BrowsedReader reader)
{
    private static readonly BrokerError NotOurs = new(ErrorCode.InvalidValue, "This is not a page token of this queue.", "after");

    public async ValueTask<Result<BrowsedMessages>> RunAsync(QueueKey key, BrowseRequest request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        long from = 0;
        BrokerError? refusal = host.Find(key, out LiveQueue queue) ?? Check(request) ?? Begin(queue, request.After, out from);
        if (refusal is not null) return await host.ToldAsync(refusal);
        var page = new BrowsePage(request.Limit);
        await Look(queue, page, from, request.State, out bool found);
        if (!found) return QueueHost.QueueNotFound(key);
        long[] offsets = page.Offsets;
        BrowsedMessages messages = reader.Read(queue, offsets, page.Statuses, page.OldestMs, out int read);
        if (read == 0 && page.Count > 0)
        {
            messages.Dispose();
            return BrowsedReader.Exhausted;
        }

        long? next = read < page.Count ? offsets[read] : page.Next;
        messages.NextPageToken = next is null ? null : new PageToken(next.Value, host.Keys.MacOfPage(queue.Stream.Id, next.Value)).ToString();
        // What has gone since the look is told by its absence.
        if (messages.Messages.Count + messages.Damaged.Count < read) await host.Engine.SyncedAsync();
        return messages;
    }

    private static BrokerError? Check(in BrowseRequest request)
    {
        if (request.State is < MessageState.Ready or > MessageState.Delayed) return new BrokerError(ErrorCode.InvalidValue, "The state is ready, leased or delayed.", "state");
        return QueueDefinition.Range("limit", request.Limit, 1, QueueLimits.BrowseMax);
    }

    private BrokerError? Begin(LiveQueue queue, string? after, out long from)
    {
        from = 0;
        if (after is null) return null;
        if (!PageToken.TryParse(after, out PageToken token) || !host.Keys.IsOfPage(queue.Stream.Id, token)) return NotOurs;
        from = token.Offset;
        return null;
    }

    private ValueTask Look(LiveQueue queue, BrowsePage page, long from, MessageState? state, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            found = !queue.Deleted;
            if (found) page.Look(queue, from, state, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }
}
