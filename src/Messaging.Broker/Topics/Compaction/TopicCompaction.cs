using Messaging.Storage;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>
/// Compacts the partitions of compacted topics in the background, one at a time: in rounds, each beat looking at a part of them, those where enough is new, or tombstones have had their time. By hand where there is no
/// heartbeat.
/// </summary>
internal sealed class TopicCompaction(TopicHost host, int keysMax = TopicLimits.CompactionKeysMax) : IDisposable
{
    // All partitions are looked at within so many beats, at least so many a beat.
    private const int BeatsPerRound = 30;
    private const int PartitionsPerBeatMin = 1_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private CompactionPass? _pass;
    private int _next;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Beat, host.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await TurnAsync(TopicLimits.CompactionBytesPerSecond, force: false);
    }

    /// <summary>
    /// Goes on until it has read so many bytes, or has looked at its part of the partitions. <paramref name="force"/> looks at all of them, and compacts also where little is new.
    /// </summary>
    public async ValueTask TurnAsync(long bytes, bool force)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            int left = force ? host.Topics.PartitionCount : Math.Max(PartitionsPerBeatMin, host.Topics.PartitionCount / BeatsPerRound);
            while (bytes > 0 && !host.Stopping.IsCancellationRequested && (_pass ??= Next(ref left, force)) is { } pass)
            {
                bytes -= await pass.StepAsync();
                if (pass.IsOver) _pass = pass.HasMore && !pass.Partition.Deleted ? new CompactionPass(host, pass.Partition, keysMax) : null;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private CompactionPass? Next(ref int left, bool force)
    {
        while (Take(ref left) is { } partition)
        {
            if (partition.CompactionIdleAt == partition.Stream.SyncedNext && !HasLag(partition) && !HasCleared(partition)) continue;
            if (force || HasCleared(partition) || HasEnough(partition)) return new CompactionPass(host, partition, keysMax);
        }

        return null;
    }

    // Past partitions that are not compacted; null at the end of the part.
    private LivePartition? Take(ref int left)
    {
        using Command command = host.Engine.BeginCommand(0);
        for (left = Math.Min(left, host.Topics.PartitionCount); left > 0; left--)
        {
            if (_next >= host.Topics.PartitionCount) _next = 0;
            LivePartition partition = host.Topics[_next++];
            if (!partition.Topic!.Definition.IsCompacted) continue;
            left--;
            return partition;
        }

        return null;
    }

    private static bool HasLag(LivePartition partition) => partition.Topic!.Definition.MinCompactionLagSeconds > 0;

    private bool HasCleared(LivePartition partition) => partition.State.Compaction is { } state
        && state.ClearedBy(host.Clock.NowMs() - (partition.Topic!.Definition.TombstoneSeconds * 1_000L)) > state.Cleared;

    // Of what compaction may touch, the share that it has not seen; as near as the index knows.
    private bool HasEnough(LivePartition partition)
    {
        LogStream stream = partition.Stream;
        int lagSeconds = partition.Topic!.Definition.MinCompactionLagSeconds;
        long? head = lagSeconds == 0 ? null : stream.FirstAtOrAfter(host.Clock.NowMs() - (lagSeconds * 1_000L));
        long untouched = head is { } from ? stream.StoredBytesFrom(from) : 0;
        long dirty = stream.StoredBytesFrom(Math.Max(partition.State.Compaction?.Cleaned ?? 0, stream.Low)) - untouched;
        return dirty > 0 && dirty >= (LivingBytes(stream) - untouched) * TopicLimits.CompactionDirtyShareMin;
    }

    // What earlier passes and retention have let go of may be stored for long yet: it is no reason to wait.
    private long LivingBytes(LogStream stream)
    {
        using Command command = host.Engine.BeginCommand(0);
        return stream.LivingBytes;
    }
}
