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
}
