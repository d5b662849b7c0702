using Messaging.Storage.Maintenance;
using Messaging.Storage.Packs;
using Messaging.Storage.Streams;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>What one merge may take on: the journal's slots wait for its end.</summary>
public sealed class MergePlanTests
{
    private const int PackBytes = 1 << 20;
    private const int RecordsPerPack = 100;
    private readonly SimDisk _disk = new(1);

    [Theory]
    [InlineData(40, 2)]
    [InlineData(30, 3)]
    [InlineData(1, 4)]
    public void A_plan_writes_at_most_one_pack_and_reads_at_most_four(int livePercent, int extentsExpected)
    {
        LogStream[] streams = [.. Enumerable.Range(1, 20).Select(id => StreamOf(id, livePercent, packs: 1))];
        Assert.Equal(extentsExpected, CopiedOf(MergePlan.Make(streams, new Lock(), PackBytes)).Count);
    }

    [Fact]
    public void A_plan_is_cut_within_one_stream_too()
    {
        LogStream stream = StreamOf(1, livePercent: 40, packs: 20);
        Assert.Equal([0, RecordsPerPack], CopiedOf(MergePlan.Make([stream], new Lock(), PackBytes)).Select(extent => extent.BaseOffset));
    }

    [Fact]
    public void An_extent_larger_than_a_plan_is_a_plan_of_its_own()
    {
        LogStream stream = StreamOf(1, livePercent: 40, packs: 3);
        Assert.Single(CopiedOf(MergePlan.Make([stream], new Lock(), PackBytes / 8)));
    }

    [Fact]
    public void What_is_dead_is_dropped_whatever_else_the_plan_holds()
    {
        LogStream[] streams = [.. Enumerable.Range(1, 20).Select(id => StreamOf(id, livePercent: id > 10 ? 0 : 40, packs: 1))];
        Assert.Equal(10, MergePlan.Make(streams, new Lock(), PackBytes).Sum(merge => merge.Dropped.Count));
    }

    [Theory]
    [InlineData(64 << 20, 4 << 10, 8)]
    [InlineData(64 << 20, 32 << 10, 8)]
    [InlineData(64 << 20, 128 << 10, 32)]
    [InlineData(64 << 20, 2 << 20, 32)]
    [InlineData(32 << 20, 2 << 20, 16)]
    [InlineData(16 << 20, 2 << 20, 8)]
    [InlineData(15 << 20, 256 << 10, 32)]
    [InlineData(2 << 20, 256 << 10, 8)]
    [InlineData(2 << 20, 32 << 10, 8)]
    public void Extents_of_a_tier_are_joined_from_so_many_on_that_a_pack_has_room_for(int packBytes, int bytes, int count)
    {
        Assert.Empty(CopiedOf(MergePlan.Make([Small(count - 1, bytes)], new Lock(), packBytes)));
        Assert.Equal(count, CopiedOf(MergePlan.Make([Small(count, bytes)], new Lock(), packBytes)).Count);
    }

    [Theory]
    [InlineData(64 << 20, (2 << 20) + 1)]
    [InlineData(15 << 20, (256 << 10) + 1)]
    [InlineData(1 << 20, (32 << 10) + 1)]
    public void Above_the_last_tier_extents_stay_as_they_are(int packBytes, int bytes) =>
        Assert.Empty(CopiedOf(MergePlan.Make([Small(100, bytes)], new Lock(), packBytes)));

    private static List<PackExtent> CopiedOf(List<StreamMerge> plan) => [.. plan.SelectMany(merge => merge.Copied).OrderBy(extent => extent.BaseOffset)];

    private LogStream StreamOf(int id, int livePercent, int packs)
    {
        var stream = new LogStream(id) { Next = packs * RecordsPerPack };
        stream.Index.Replace(
            [.. Enumerable.Range(0, packs).Select(pack => new PackExtent(
                new Pack(_disk, (id * 1_000) + pack, PackBytes + 100), pack * RecordsPerPack, (pack + 1) * RecordsPerPack, 0, 0, 32, RecordsPerPack, PackBytes))],
            tailBatchesMoved: 0);
        for (int offset = 0; offset < stream.Next; offset++)
        {
            if (offset % RecordsPerPack >= livePercent)
            {
                stream.Release(offset);
            }
        }

        return stream;
    }

    // So many extents that live as a whole, each in a pack of its own.
    private LogStream Small(int extents, int bytes)
    {
        var stream = new LogStream(1) { Next = extents };
        stream.Index.Replace(
            [.. Enumerable.Range(0, extents).Select(i => new PackExtent(new Pack(_disk, i + 1, bytes + 100), i, i + 1, 0, 0, 1, 1, bytes))], tailBatchesMoved: 0);
        return stream;
    }
}
