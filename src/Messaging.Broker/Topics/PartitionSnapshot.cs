using System.Buffers;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>What a checkpoint keeps of a partition, and of what it does not: which offsets are dead is the stream's own knowledge.</summary>
/// <remarks>
/// Varints, unsigned:
/// <code>
/// version = 64 | last now | (section, content)...     each at most once, in this order
/// section 1, answers: count | (hash of the key, hash of the request, until, answer with its length)...
/// section 3, aborted transactions: count | (producer id, first offset, last offset)...
/// section 2, producers: count | (id, open transaction's first offset + 1, epoch, last offset, last ms, batches, (base sequence, last sequence, base offset)...)...
/// section 5, first records: count | (hash of the id, offset, until)...
/// section 4, compaction: low | cleaned | cleared | count | (offset, ms)...     tombstones below the offset were met by then
/// </code>
/// docs/formats.md names this page.
/// </remarks>
internal static class PartitionSnapshot
{
    private const byte Version = 64;
    private const byte AnswersSection = 1;
    private const byte ProducersSection = 2;
    private const byte AbortedSection = 3;
    private const byte CompactionSection = 4;
    private const byte FirstsSection = 5;

    public static void Write(PartitionState state, IBufferWriter<byte> destination)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        writer.Unsigned(state.LastNowMs);
        if (state.Windows?.Answers is { } answers)
        {
            writer.Byte(AnswersSection);
            WindowEntries.WriteAnswers(ref writer, answers);
        }

        if (state.Windows?.Firsts is { } firsts)
        {
            writer.Byte(FirstsSection);
            WindowEntries.WriteFirsts(ref writer, firsts);
        }

        if (state.Producers is { Count: > 0 } producers)
        {
            writer.Byte(ProducersSection);
            WriteProducers(ref writer, producers);
        }

        if (state.Aborted is { } aborted)
        {
            writer.Byte(AbortedSection);
            aborted.Write(ref writer);
        }

        if (state.Compaction is { } compaction)
        {
            writer.Byte(CompactionSection);
            compaction.Write(ref writer);
        }

        writer.Flush();
    }

    /// <summary>Into a state that is new.</summary>
    public static void Restore(PartitionState state, ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        if (reader.Byte() != Version) throw EntryReader.Malformed();
        long now = reader.Unsigned();
        while (!reader.AtEnd)
        {
            switch (reader.Byte())
            {
                case AnswersSection:
                    WindowEntries.RestoreAnswers(state.OpenWindows(), ref reader);
                    break;
                case FirstsSection:
                    WindowEntries.RestoreFirsts(state.OpenWindows(), ref reader);
                    break;
                case ProducersSection:
                    RestoreProducers(state.OpenProducers(), ref reader);
                    break;
                case AbortedSection:
                    state.OpenAborted().Restore(ref reader);
                    break;
                case CompactionSection:
                    state.OpenCompaction().Restore(ref reader);
                    break;
                default:
                    throw EntryReader.Malformed();
            }
        }

        state.Advance(now);
        if (state.Aborted is not null || state.Producers?.FirstOpen is not null) state.HasHadTransactions();
    }

    private static void WriteProducers(ref BufferEntryWriter writer, PartitionProducers producers)
    {
        writer.Unsigned(producers.Count);
        foreach ((long id, ProducerState producer) in producers)
        {
            writer.Unsigned(id);
            writer.Unsigned((producer.TransactionFrom ?? -1) + 1);
            writer.Unsigned(producer.Epoch);
            writer.Unsigned(producer.LastOffset);
            writer.Unsigned(producer.LastMs);
            writer.Unsigned(producer.Batches.Count);
            foreach (ProducedBatch batch in producer.Batches)
            {
                writer.Unsigned(batch.BaseSequence);
                writer.Unsigned(batch.LastSequence);
                writer.Unsigned(batch.BaseOffset);
            }
        }
    }

    private static void RestoreProducers(PartitionProducers producers, ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            (long id, long from) = (reader.Unsigned(), reader.Unsigned());
            ProducerState producer = producers.Restore(id, from == 0 ? null : from - 1);
            producer.BeginEpoch((short)reader.Int32());
            (producer.LastOffset, producer.LastMs) = (reader.Unsigned(), reader.Unsigned());
            for (long batches = reader.Unsigned(); batches > 0; batches--) producer.Add(new ProducedBatch(reader.Int32(), reader.Int32(), reader.Unsigned()));
        }
    }
}
