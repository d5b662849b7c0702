using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Simulation.Engine;

/// <summary>
/// Judges reads of whole batches: in order, within the range and what is synced, every living record there with its bytes and time, batches of producers byte for
/// byte, and the leader epoch that a batch once had for ever.
/// </summary>
internal sealed class BatchJudge(SimulationCoverage coverage)
{
    private readonly Dictionary<(long StreamId, long BaseOffset), int> _epochs = [];

    /// <summary>Bits of a tail's batch outside of its own CRC may have rotted: base offsets are checked, leader epochs are not.</summary>
    public bool IsRotten { get; set; }

    public void Judge(LogEngine engine, LogStream stream, ModelStream sequenced, ModelStream? durable, long from, long to, int bytesMax)
    {
        long visible = durable?.Next ?? 0;
        SimulationException.Check(stream.SyncedNext == visible, $"stream {stream.Id} is synced up to {visible}; it says {stream.SyncedNext}");
        var living = new Queue<long>(durable is null ? [] : durable.Live.Where(offset => offset >= from && offset < to && sequenced.Live.Contains(offset)));
        long next = from;
        while (true)
        {
            using BatchSet set = engine.ReadBatches(stream, next, to, bytesMax);
            long bytes = 0;
            for (int i = 0; i < set.Count; i++)
            {
                StoredBatch batch = set[i];
                bytes += batch.Bytes.Length;
                SimulationException.Check(
                    batch.Header.LastOffset >= next && (i == 0 || batch.Header.BaseOffset >= next) && batch.Header.BaseOffset < Math.Min(to, visible),
                    $"a batch of {batch.Header.BaseOffset} to {batch.Header.LastOffset} follows {next} below {to} and what is synced");
                JudgeBatch(engine, stream, sequenced, batch);
                SimulationException.Check(!living.TryPeek(out long first) || first >= batch.Header.BaseOffset, $"stream {stream.Id}: the living record {first} is skipped");
                next = batch.Header.LastOffset + 1;
                DropBelow(living, next);
            }

            SimulationException.Check(set.Count <= 1 || bytes <= bytesMax, $"{set.Count} batches of {bytes} bytes are no more than {bytesMax}");
            coverage.Count("whole batches read", set.Count);
            if (set.State == StoredRecordState.Damaged)
            {
                SimulationException.Check(IsRotten && engine.QuarantinedBlocks > 0 && set.UnreadableEnd > next, $"stream {stream.Id} is damaged at {set.UnreadableFrom}, and that is told");
                next = set.UnreadableEnd;
                DropBelow(living, next);
            }
            else if (set.State != StoredRecordState.Present)
            {
                break;
            }
        }

        SimulationException.Check(living.Count == 0, $"stream {stream.Id}: records that live are not read: {string.Join(",", living.Take(10))}");
    }

    private static void DropBelow(Queue<long> living, long offset)
    {
        while (living.TryPeek(out long first) && first < offset)
        {
            living.Dequeue();
        }
    }

    private void JudgeBatch(LogEngine engine, LogStream stream, ModelStream sequenced, in StoredBatch batch)
    {
        RecordBatchHeader header = batch.Header;
        string name = $"the batch {header.BaseOffset} to {header.LastOffset} of stream {stream.Id}";
        SimulationException.Check(RecordBatch.CrcIsValid(batch.Bytes.Span), $"{name} has a valid CRC");
        if (!IsRotten)
        {
            _epochs.TryAdd((stream.Id, header.BaseOffset), header.LeaderEpoch);
            SimulationException.Check(header.LeaderEpoch > 0 && _epochs[(stream.Id, header.BaseOffset)] == header.LeaderEpoch, $"{name} keeps its leader epoch");
        }

        if (sequenced.Batches.TryGetValue(header.BaseOffset, out byte[]? sent))
        {
            JudgeSent(name, sent, batch);
        }

        if (header.Compression == RecordCompression.None)
        {
            JudgeRecords(name, sequenced, header, batch.Bytes.Span, onlyLiving: false);
            JudgeRecords(name, sequenced, header, KeepLive(engine, stream, batch), onlyLiving: true);
        }
    }

    private static void JudgeSent(string name, byte[] sent, in StoredBatch batch)
    {
        RecordBatchHeader header = batch.Header;
        SimulationException.Check(RecordBatch.TryReadHeader(sent, out RecordBatchHeader original), "what was sent is a batch");
        if (header.Count == original.Count)
        {
            byte[] expected = [.. sent];
            RecordBatch.AssignPlace(expected, header.BaseOffset, header.LeaderEpoch);
            SimulationException.Check(batch.Bytes.Span.SequenceEqual(expected), $"{name} has the bytes that were sent");
            return;
        }

        SimulationException.Check(header.Compression == RecordCompression.None, $"{name} is compressed and whole");
        RecordBatchHeader kept = original with
        {
            BaseOffset = header.BaseOffset, LeaderEpoch = header.LeaderEpoch, Count = header.Count, TotalBytes = header.TotalBytes, MaxTimestamp = header.MaxTimestamp,
        };
        SimulationException.Check(kept == header, $"{name} keeps its header when records are left out");
    }

    private static byte[] KeepLive(LogEngine engine, LogStream stream, in StoredBatch batch)
    {
        if (!stream.HasReleasedAboveLow && batch.Header.BaseOffset >= stream.Low)
        {
            return batch.Bytes.ToArray();
        }

        ulong[] released = new ulong[RecordBatchFilter.WordsOf(batch.Header)];
        engine.CopyReleased(stream, batch.Header.BaseOffset, released);
        return RecordBatchFilter.KeepLive(batch.Bytes.Span, batch.Header, released, new byte[batch.Bytes.Length]).ToArray();
    }

    // Where all that is left are offsets without records, a filtered batch still holds its dead ones.
    private static void JudgeRecords(string name, ModelStream sequenced, in RecordBatchHeader header, ReadOnlySpan<byte> bytes, bool onlyLiving)
    {
        int livingSent = 0;
        for (long offset = header.BaseOffset; offset <= header.LastOffset; offset++)
        {
            livingSent += sequenced.Live.Contains(offset) && sequenced.Records[offset].Body is not null ? 1 : 0;
        }

        int living = 0;
        int dead = 0;
        var records = new RecordEnumerator(bytes);
        while (bytes.Length > 0 && records.MoveNext())
        {
            long offset = header.BaseOffset + records.OffsetDelta;
            ModelEffect expected = sequenced.Records[offset];
            SimulationException.Check(
                records.Body.SequenceEqual(expected.Body) && header.BaseTimestamp + records.TimestampDelta == expected.Timestamp,
                $"{name} holds record {offset} with the bytes and the time that were sent");
            bool isLive = sequenced.Live.Contains(offset);
            living += isLive ? 1 : 0;
            dead += isLive ? 0 : 1;
        }

        SimulationException.Check(bytes.Length == 0 || !records.Malformed, $"{name} is well-formed");
        SimulationException.Check(living == livingSent, $"{name} holds all of its {livingSent} living records, not {living}");
        SimulationException.Check(!onlyLiving || dead == 0 || living == 0, $"{name} has {dead} dead records left out");
    }
}
