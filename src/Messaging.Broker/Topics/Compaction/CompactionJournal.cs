using Messaging.Storage;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>What a pass of compaction writes down of its partition, one command each. Where something is false it can't go on: the server stops, or there is nothing to compact any more.</summary>
internal sealed class CompactionJournal(TopicHost host, LivePartition partition)
{
    private readonly byte[] _entry = new byte[PartitionEntries.CompactedBytesMax(TopicLimits.CompactionRunsPerStepMax)];

    /// <summary>Releases these, of which there are at most <see cref="TopicLimits.CompactionRunsPerStepMax"/>.</summary>
    public ValueTask<bool> ReleaseAsync(ReadOnlySpan<OffsetRange> runs) => WriteAsync(PartitionEntries.Compacted(_entry, host.Clock.NowMs(), runs).Length);

    /// <summary>Says how far the pass has come.</summary>
    public ValueTask<bool> FinishAsync(long now, in CompactionProgress progress) => WriteAsync(PartitionEntries.CompactedTo(_entry, now, progress).Length);

    private async ValueTask<bool> WriteAsync(int length)
    {
        int bytes = Command.StateBytes(length);
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Sequence(bytes, length, out bool isThere);
        return isThere;
    }

    // What is journaled is applied as a restart applies it.
    private ValueTask Sequence(int bytes, int length, out bool isThere)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            isThere = !partition.Deleted && partition.Topic!.Definition.IsCompacted;
            if (isThere)
            {
                ReadOnlySpan<byte> entry = _entry.AsSpan(0, length);
                command.AppendState(partition.Stream, entry);
                PartitionEntries.Apply(partition.State, entry);
            }

            synced = command.Commit();
        }

        return synced;
    }
}
