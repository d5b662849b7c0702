using Messaging.Broker.Queues;
using Messaging.Broker.Topics.Compaction;

namespace Messaging.Broker.Topics;

/// <summary>The fold: applies journal entries to a partition's state, by the methods that the operations applied them with. <see cref="PartitionEntryKind"/> has the byte table.</summary>
internal static class PartitionEntries
{
    public const int TrimmedBytesMax = 1 + (2 * EntryWriter.VarintBytesMax);

    public static void Apply(PartitionState state, ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(entry);
        var kind = (PartitionEntryKind)reader.Byte();
        if (kind == PartitionEntryKind.Opened) return;
        long now = reader.Unsigned();
        state.Advance(now);
        switch (kind)
        {
            case PartitionEntryKind.Trimmed:
                state.ApplyTrimmed(reader.Unsigned());
                break;
            case PartitionEntryKind.Answered:
                WindowEntries.Answered(state.OpenWindows(), ref reader, now);
                break;
            case PartitionEntryKind.Deduplicated:
                WindowEntries.Deduplicated(state.OpenWindows(), ref reader, now);
                break;
            case PartitionEntryKind.Aborted:
                state.ApplyAborted(new AbortedTransaction(reader.Unsigned(), reader.Unsigned(), reader.Unsigned()));
                break;
            case PartitionEntryKind.Compacted:
                for (long end = 0; !reader.AtEnd;)
                {
                    long from = end + reader.Unsigned();
                    state.ApplyCompacted(new OffsetRange(from, end = from + reader.Unsigned()));
                }

                break;
            case PartitionEntryKind.CompactedTo:
                state.OpenCompaction().ApplyCompactedTo(new CompactionProgress(reader.Unsigned(), reader.Unsigned(), reader.Unsigned()));
                break;
            case PartitionEntryKind.Opened:
            default:
                throw EntryReader.Malformed();
        }
    }

    public const int CompactedToBytesMax = 1 + (4 * EntryWriter.VarintBytesMax);

    public static int CompactedBytesMax(int runs) => 1 + ((1 + (2 * runs)) * EntryWriter.VarintBytesMax);

    /// <summary>Runs in the order of their offsets.</summary>
    public static ReadOnlySpan<byte> Compacted(Span<byte> destination, long now, ReadOnlySpan<OffsetRange> runs)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)PartitionEntryKind.Compacted);
        writer.Unsigned(now);
        long end = 0;
        foreach (ref readonly OffsetRange run in runs)
        {
            writer.Unsigned(run.From - end);
            writer.Unsigned(run.End - run.From);
            end = run.End;
        }

        return writer.Written;
    }

    public static ReadOnlySpan<byte> CompactedTo(Span<byte> destination, long now, in CompactionProgress progress)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)PartitionEntryKind.CompactedTo);
        writer.Unsigned(now);
        writer.Unsigned(progress.Cleaned);
        writer.Unsigned(progress.MetMs);
        writer.Unsigned(progress.Cleared);
        return writer.Written;
    }

    public const int AbortedBytesMax = 1 + (4 * EntryWriter.VarintBytesMax);

    public static ReadOnlySpan<byte> Aborted(Span<byte> destination, long now, in AbortedTransaction transaction)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)PartitionEntryKind.Aborted);
        writer.Unsigned(now);
        writer.Unsigned(transaction.ProducerId);
        writer.Unsigned(transaction.First);
        writer.Unsigned(transaction.Last);
        return writer.Written;
    }

    public static ReadOnlySpan<byte> Trimmed(Span<byte> destination, long now, long below)
    {
        var writer = new EntryWriter(destination);
        writer.Byte((byte)PartitionEntryKind.Trimmed);
        writer.Unsigned(now);
        writer.Unsigned(below);
        return writer.Written;
    }
}
