using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// Drops records that are older than their topic keeps them, or more than it keeps. In rounds over all partitions: each beat looks at a part of them, so that many idle ones
/// cost little. What the index knows is enough: whole extents and batches go, no record is read.
/// </summary>
internal sealed class TopicRetention(TopicHost host)
{
    // All partitions are looked at within so many beats, at least so many a beat.
    private const int BeatsPerRound = 30;
    private const int PartitionsPerBeatMin = 1_000;

    private static readonly int StepBytes = TopicLimits.TrimmedPartitionsPerStepMax * Command.StateBytes(PartitionEntries.TrimmedBytesMax);

    private int _next;

    /// <summary>One beat. Not to be called twice at once.</summary>
    public async ValueTask BeatAsync()
    {
        int left = Math.Min(host.Topics.PartitionCount, Math.Max(PartitionsPerBeatMin, host.Topics.PartitionCount / BeatsPerRound));
        while (left > 0 && !host.Stopping.IsCancellationRequested)
        {
            using Admission admission = await host.Engine.AdmitStateAsync(StepBytes, CancellationToken.None);
            if (admission.IsRefused) return;
            await Step(ref left);
        }
    }

    // One command: past partitions that have nothing to drop, up to so many that have.
    private ValueTask Step(ref int left)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(StepBytes))
        {
            long now = host.Clock.NowMs();
            // Topics may have been deleted since the beat began, and all of them.
            left = Math.Min(left, host.Topics.PartitionCount);
            for (int trimmed = 0; left > 0 && trimmed < TopicLimits.TrimmedPartitionsPerStepMax; left--)
            {
                if (_next >= host.Topics.PartitionCount) _next = 0;
                if (TryTrim(command, host.Topics[_next++], now)) trimmed++;
            }

            synced = command.Commit();
        }

        return synced;
    }

    private static bool TryTrim(in Command command, LivePartition partition, long now)
    {
        partition.State.Compact(now);
        LogStream stream = partition.Stream;
        TopicDefinition definition = partition.Topic!.Definition;
        if (!definition.IsTrimmed || stream.LiveCount == 0) return false;
        long below = Math.Max(
            definition.RetentionSeconds is { } seconds ? stream.FirstNotOlderThan(now - (seconds * 1_000L)) : 0,
            definition.RetentionBytes is { } bytes ? stream.FirstWithinBytes(bytes) : 0);
        // What is not synced yet is not in the index; never beyond what can be read.
        below = Math.Min(below, stream.SyncedNext);
        // Compaction may have taken out what is below already.
        if (below <= stream.Low) return false;
        DeleteRecords.Trim(command, partition, below, now);
        return true;
    }
}
