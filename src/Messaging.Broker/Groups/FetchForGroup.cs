using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>
/// One call for clients that do not stay, such as functions: leases records of some partitions, reads them, and waits for them as long as asked. Cancellation ends the wait, and answers nothing.
/// </summary>
internal sealed class FetchForGroup(GroupHost host)
{
    public async ValueTask<Result<GroupRecords>> RunAsync(GroupKey key, GroupFetchRequest request, CancellationToken cancellationToken)
    {
        using CallCounter.Call counted = host.Topics.Calls.Enter();
        if ((host.Check(key) ?? request.Validate()) is { } refusal) return refusal;
        var call = new TakeCall(request);
        long began = host.Topics.Time.GetTimestamp();
        GroupWait? wait = null;
        try
        {
            while (true)
            {
                Result<GroupTake> taken = await host.RunAsync(key, call, CancellationToken.None);
                if (!taken.IsOk) return taken.Error;
                TimeSpan left = request.Wait - host.Topics.Time.GetElapsedTime(began);
                if (taken.Value.Leases.Length > 0)
                {
                    Result<GroupRecords?> read = await ReadAsync(key, request, taken.Value, cancellationToken);
                    if (!read.IsOk) return read.Error;
                    if (read.Value is { } records) return records;
                }
                else if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested) return Nothing();
                else if (wait is null)
                {
                    // Looks once more from here on.
                    if (Begin(key, call, out wait) is { } gone) return await host.Topics.ToldAsync(gone);
                }
                else
                {
                    if (!await wait.EndAsync(Shorter(left, taken.Value.LeaseEndsInMs), cancellationToken)) return Nothing();
                    wait.Dispose();
                    wait = null;
                }
            }
        }
        finally
        {
            wait?.Dispose();
        }
    }

    private static TimeSpan Shorter(TimeSpan left, long ms) => ms < left.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : left;

    private GroupRecords Nothing() => new(host.Topics.Keys, 0, []);

    private BrokerError? Begin(GroupKey key, TakeCall call, out GroupWait? wait)
    {
        BrokerError? refusal = call.Find(host.Groups.TopicsOf(key), out LivePartition[] partitions);
        wait = refusal is null ? new GroupWait(host, key, partitions) : null;
        return refusal;
    }

    // Null where there is nothing in it to see.
    private async ValueTask<Result<GroupRecords?>> ReadAsync(GroupKey key, GroupFetchRequest request, GroupTake take, CancellationToken cancellationToken)
    {
        var reader = new LeasedReader(host.Topics, request);
        await reader.ReadAsync(take, cancellationToken);
        // Whose lease is over by now, or was ended by a reset, has nothing to settle.
        await SettleAsync(key, take.GroupStreamId, reader.Passed, isCommit: true);
        await SettleAsync(key, take.GroupStreamId, reader.Unread, isCommit: false);
        if (reader.Parts.Count > 0) return new GroupRecords(host.Topics.Keys, take.GroupStreamId, reader.Parts);
        return reader.Damage is { } damage ? damage : (Result<GroupRecords?>)(GroupRecords?)null;
    }

    private async ValueTask SettleAsync(GroupKey key, long groupStreamId, List<TokenLease> leases, bool isCommit)
    {
        if (leases.Count == 0) return;
        var token = CommitToken.Of(host.Topics.Keys, groupStreamId, [.. leases]);
        await host.RunAsync(key, new SettleCall(token, isCommit), CancellationToken.None);
    }
}
