using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Records;

public sealed class RecordBatchFilterTests
{
    private const short Transactional = RecordBatch.TransactionalFlag;

    [Fact]
    public void What_stays_keeps_its_place_and_the_batch_its_header()
    {
        byte[] batch = ProducedBatch.Of(["a", "b", "c", "d"], times: [10, 40, -1, 30], attributes: Transactional, producerId: 7, producerEpoch: 2, baseSequence: 90);
        RecordBatch.AssignPlace(batch, 1_000, leaderEpoch: 5);
        RecordBatchHeader header = HeaderOf(batch);

        byte[] kept = KeepLive(batch, 0b0010);
        Assert.Equal(header with { Count = 3, TotalBytes = kept.Length, MaxTimestamp = 30 }, HeaderOf(kept));
        Assert.True(RecordBatch.CrcIsValid(kept));
        Assert.Equal([(1_000, 10), (1_002, -1), (1_003, 30)], RecordsOf(kept));
    }

    [Fact]
    public void Times_that_are_all_negative_have_a_negative_maximum()
    {
        byte[] kept = KeepLive(ProducedBatch.Of(["a", "b", "c"], times: [-1, -7, -9]), 0b001);
        Assert.Equal(-7, HeaderOf(kept).MaxTimestamp);
    }

    [Fact]
    public void A_batch_with_the_time_of_appending_keeps_it()
    {
        byte[] kept = KeepLive(ProducedBatch.Of(["a", "b"], times: [5, 90], attributes: RecordBatch.AppendTimeFlag), 0b10);
        Assert.Equal(90, HeaderOf(kept).MaxTimestamp);
    }

    [Fact]
    public void Nothing_is_left_of_a_batch_in_which_nothing_lives()
    {
        Assert.Empty(KeepLive(ProducedBatch.Of(["a", "b"]), 0b11));
        Assert.Empty(KeepLive(ProducedBatch.Compressed("zzz"u8, count: 2), 0b11));
    }

    [Fact]
    public void A_batch_that_can_not_be_taken_apart_stays_whole()
    {
        byte[] compressed = ProducedBatch.Compressed("zzz"u8, count: 3);
        Assert.Equal(compressed, KeepLive(compressed, 0b011));

        byte[] sparse = ProducedBatch.Of(["a", "b"], offsetDeltas: [0, 2]);
        Assert.Equal(sparse, KeepLive(sparse, 0b101));
        Assert.Empty(KeepLive(sparse, 0b111));
    }

    [Fact]
    public void Bits_behind_the_last_offset_say_nothing()
    {
        byte[] batch = ProducedBatch.Of(["a", "b"]);
        Assert.Equal(batch, KeepLive(batch, ~0b11UL));
        Assert.Equal([(1L, ProducedBatch.Time + 1)], RecordsOf(KeepLive(batch, ~0b10UL)));
    }

    [Fact]
    public void Any_choice_of_records_is_kept_and_nothing_else()
    {
        var random = new Random(3);
        for (int turn = 0; turn < 300; turn++)
        {
            int count = random.Next(1, 200);
            byte[] batch = ProducedBatch.Of([.. Enumerable.Range(0, count).Select(index => $"{index}")]);
            Assert.Equal((count + 63) / 64, RecordBatchFilter.WordsOf(HeaderOf(batch)));
            var released = new ulong[(count + 63) / 64];
            var expected = new List<(long, long)>();
            int share = random.Next(1, 5);
            for (int i = 0; i < count; i++)
            {
                bool isReleased = random.Next(share) > 0;
                released[i / 64] |= isReleased ? 1UL << (i % 64) : 0;
                if (!isReleased)
                {
                    expected.Add((i, ProducedBatch.Time + i));
                }
            }

            Assert.Equal(expected, RecordsOf(KeepLive(batch, released)));
        }
    }

    private static byte[] KeepLive(byte[] batch, params ulong[] released) =>
        RecordBatchFilter.KeepLive(batch, HeaderOf(batch), released, new byte[batch.Length]).ToArray();

    private static RecordBatchHeader HeaderOf(byte[] batch)
    {
        Assert.True(RecordBatch.TryReadHeader(batch, out RecordBatchHeader header));
        return header;
    }

    private static List<(long Offset, long Time)> RecordsOf(byte[] batch)
    {
        var found = new List<(long, long)>();
        if (batch.Length == 0)
        {
            return found;
        }

        RecordBatchHeader header = HeaderOf(batch);
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
            found.Add((header.BaseOffset + records.OffsetDelta, header.BaseTimestamp + records.TimestampDelta));
        }

        Assert.False(records.Malformed);
        return found;
    }
}
