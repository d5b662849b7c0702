using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// Fetches stored batches of one partition from an offset on, and waits for them as long as asked. What is visible is what the journal has synced; the sequencer is entered only for a partition that has
/// had transactions. A fetch that waits holds no memory. Cancellation ends the wait, and answers what there is. Hot path.
/// </summary>
internal sealed class FetchRecords(TopicHost host)
{
    private static readonly BrokerError TooManyWaiting = new(ErrorCode.TooManyWaiting, $"{TopicLimits.WaitingPerPartitionMax} fetches wait on the partition; try again.");

    public async ValueTask<Result<FetchedRecords>> RunAsync(TopicKey key, int number, FetchRequest request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if ((host.Find(key, number, out LivePartition partition) ?? Check(request)) is { } refusal) return await host.ToldAsync(refusal);
        long began = host.Time.GetTimestamp();
        while (true)
        {
            // First: what there is may change meanwhile.
            await host.Reader.RestAsync(partition, Resolve(request.Offset, partition.Offsets), cancellationToken);
            PartitionOffsets offsets = partition.Offsets;
            // In this order: what is synced of a transaction was known to be one before.
            long known = long.MaxValue;
            if (partition.State.HasTransactions) (offsets, known) = await LookAsync(partition);
            long offset = Resolve(request.Offset, offsets);
            if (offset < offsets.Low || offset > offsets.HighWatermark) return await host.ToldAsync(OutOfRange(offset, offsets));
            FetchedRecords found = host.Reader.Read(partition, offset, End(offsets, request.Isolation), offsets, request.BytesMax, request.Isolation);
            TimeSpan left = request.Wait - host.Time.GetElapsedTime(began);
            if (found.Damage is null && !partition.Deleted && (found.BytesRead >= request.BytesMin || left <= TimeSpan.Zero)) return found;
            found.Dispose();
            if (found.Damage is { } damage) return damage;
            if (partition.Deleted) return await host.ToldAsync(TopicHost.TopicNotFound(key));
            // Whoever waits behind the last record waits there, wherever that is later.
            if (request.Offset == FetchRequest.Latest) request = request with { Offset = offset };
            FetchEnd end = await WaitAsync(partition, Math.Min(offsets.HighWatermark, known), left, cancellationToken);
            if (end == FetchEnd.Left) request = request with { Wait = TimeSpan.Zero };
            if (end == FetchEnd.Refused) return TooManyWaiting;
            if (end == FetchEnd.Closed) return await host.ToldAsync(TopicHost.TopicNotFound(key));
        }
    }

    /// <summary>The refusal of an offset that is not one of the partition's.</summary>
    public static BrokerError OutOfRange(long offset, in PartitionOffsets offsets) => new(
        ErrorCode.OffsetOutOfRange, $"The partition has the offsets {offsets.Low} to {offsets.HighWatermark}, the last one excluded; {offset} is not one of them.", "offset");

    private static BrokerError? Check(in FetchRequest request)
    {
        if (request.Offset < FetchRequest.Earliest) return new BrokerError(ErrorCode.InvalidValue, $"An offset is 0 or more, not {request.Offset}.", "offset");
        if (request.BytesMax is < 1 or > TopicLimits.FetchBytesMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"maxBytes is 1 to {TopicLimits.FetchBytesMax}, not {request.BytesMax}.", "maxBytes");
        }

        if (request.BytesMin < 1 || request.BytesMin > request.BytesMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"minBytes is 1 to maxBytes, not {request.BytesMin}.", "minBytes");
        }

        return request.Wait < TimeSpan.Zero || request.Wait > TimeSpan.FromSeconds(TopicLimits.FetchWaitSecondsMax)
            ? new BrokerError(ErrorCode.InvalidValue, $"waitSeconds is 0 to {TopicLimits.FetchWaitSecondsMax}.", "waitSeconds")
            : null;
    }

    private static long Resolve(long offset, in PartitionOffsets offsets) => offset switch
    {
        FetchRequest.Earliest => offsets.Low,
        FetchRequest.Latest => offsets.HighWatermark,
        _ => offset,
    };

    private static long End(in PartitionOffsets offsets, Isolation isolation) => isolation == Isolation.ReadCommitted ? offsets.LastStable : offsets.HighWatermark;

    // That a transaction has ended counts once its marker is synced, and so is all that was sequenced before this look. What comes while that is awaited may end one too: with where the partition ended
    // when it was looked at, behind which a fetch waits for more.
    private async ValueTask<(PartitionOffsets Offsets, long Known)> LookAsync(LivePartition partition)
    {
        await Look(partition, out long lastStable, out long next);
        return (partition.Offsets.Below(lastStable), next);
    }

    private ValueTask Look(LivePartition partition, out long lastStable, out long next)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            (lastStable, next) = (partition.LastStable, partition.Stream.Next);
            synced = command.Commit();
        }

        return synced;
    }

    private async ValueTask<FetchEnd> WaitAsync(LivePartition partition, long seen, TimeSpan left, CancellationToken cancellationToken)
    {
        var waiter = new FetchWaiter();
        if (!partition.Waits.TryAdd(waiter)) return FetchEnd.Refused;
        try
        {
            // What was synced before the waiter stood there has not told it.
            if (partition.Stream.SyncedNext > seen) return FetchEnd.Appended;
            await using ITimer timer = host.Time.CreateTimer(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Left), waiter, left, Timeout.InfiniteTimeSpan);
            await using CancellationTokenRegistration caller = cancellationToken.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Left), waiter);
            await using CancellationTokenRegistration stop = host.Stopping.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Left), waiter);
            return await waiter.Ended;
        }
        finally
        {
            partition.Waits.Remove(waiter);
        }
    }
}
