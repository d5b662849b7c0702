using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class TakeLeasesTests
{
    private static readonly PartitionRef A = new(40);
    private static readonly PartitionRef B = new(41);
    private static readonly PartitionRef C = new(42);

    [Fact]
    public void A_lease_has_its_records_to_itself_until_it_is_over_also_over_a_restart()
    {
        var group = new GroupHarness();
        LeaseCandidate[] log = [new(A, 0, 0, 10)];
        Assert.Equal(new Lease(A, 0, 10, group.NowMs + 30_000, 1), Assert.Single(group.Take(log)));
        Assert.Empty(group.Take(log));
        group.Advance(29);
        group.Recover();
        Assert.Empty(group.Take(log));
        Assert.Equal(group.NowMs + 1_000, group.State.Offsets.NextLeaseEndMs(group.NowMs));
        group.Advance(1);
        Assert.Equal((0, 10, 2), (group.Take(log)[0].From, group.Progress(A)!.Lease!.Value.To, group.Progress(A)!.ServedNonce));
    }

    [Fact]
    public void Partitions_served_longest_ago_come_first_and_a_fetch_takes_no_more_than_it_asked_for()
    {
        var group = new GroupHarness();
        LeaseCandidate[] log = [new(A, 0, 0, 10), new(B, 0, 0, 10), new(C, 0, 0, 10)];
        Assert.Equal([(A, 10), (B, 5)], Lengths(group.Take(log, offsetsMax: 15)));
        Assert.Equal([(C, 7)], Lengths(group.Take(log, offsetsMax: 7)));
        group.Advance(30);
        Assert.Equal([(A, 10), (B, 2)], Lengths(group.Take(log, offsetsMax: 12)));
        group.Advance(30);
        group.Recover();
        Assert.Equal([(C, 10), (A, 1)], Lengths(group.Take(log, offsetsMax: 11)));
    }

    [Fact]
    public void A_fetch_goes_on_at_the_committed_offset_or_at_the_oldest_record_that_is_there()
    {
        var group = new GroupHarness();
        Assert.Null(group.Commit(new OffsetCommit(A, 5)));
        Assert.Null(group.Commit(new OffsetCommit(B, 5)));
        Assert.Null(group.Commit(new OffsetCommit(C, 50)));
        Lease[] leases = group.Take([new(A, 0, 0, 10), new(B, 7, 7, 10), new(C, 0, 0, 10)]);
        Assert.Equal([(A, 5, 10), (B, 7, 10)], leases.Select(lease => (lease.Partition, (int)lease.From, (int)lease.To)));
    }

    [Fact]
    public void A_group_that_begins_with_the_latest_misses_nothing_of_what_comes_then()
    {
        var group = new GroupHarness();
        Assert.Empty(group.Take([new(A, 0, 10, 10)]));
        group.Recover();
        Assert.Equal((10, 12), (group.Take([new(A, 0, 12, 12)])[0].From, group.Progress(A)!.Lease!.Value.To));
    }

    [Fact]
    public void A_group_with_members_has_no_leases()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 1);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.GroupHasMembers, group.TryTake([new(A, 0, 0, 10)]).Error?.Code);
        group.Advance(10);
        Assert.Single(group.Take([new(A, 0, 0, 10)]));
        Assert.Equal(ErrorCode.UnknownMember, group.TryBeat(one.Id, one.Generation).Error?.Code);
    }

    [Fact]
    public void A_fetch_has_a_bound_of_leases()
    {
        var group = new GroupHarness();
        LeaseCandidate[] log = [.. Enumerable.Range(1, 150).Select(i => new LeaseCandidate(new PartitionRef(i), 0, 0, 1))];
        Assert.Equal(GroupLimits.LeasesPerFetchMax, group.Take(log, offsetsMax: 1_000).Length);
        Assert.Equal(50, group.Take(log, offsetsMax: 1_000).Length);
    }

    private static IEnumerable<(PartitionRef, long)> Lengths(Lease[] leases) => leases.Select(lease => (lease.Partition, lease.To - lease.From));
}
