using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class ResetOffsetsTests
{
    [Fact]
    public void Offsets_of_a_partition_that_a_member_has_can_t_be_set_or_deleted()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 2);
        var other = new PartitionRef(40);
        Assert.Null(group.Commit(new OffsetCommit(other, 1)));
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.GroupHasMembers, Reset(group, new OffsetCommit(other, 9), new OffsetCommit(partitions[1], 9)));
        Assert.Equal(1, group.Progress(other)!.Offset);
        Assert.Equal(ErrorCode.GroupHasMembers, Delete(group, partitions[0]));
        Assert.Null(Reset(group, new OffsetCommit(other, 9)));
        Assert.Equal(9, group.Progress(other)!.Offset);
        Assert.Null(Delete(group, other, new PartitionRef(41)));
        Assert.Null(group.Progress(other));
        group.Leave(one.Id);
        Assert.Null(Reset(group, new OffsetCommit(partitions[0], 9)));
        Assert.Equal("offsets[0].offset", group.Run(change => ResetOffsets.Decide(change, group.Topics, [new OffsetCommit(partitions[0], -1)]))?.Field);
        group.Recover();
    }

    [Fact]
    public void A_reset_ends_a_lease_and_its_token()
    {
        var group = new GroupHarness();
        var partition = new PartitionRef(40);
        Lease lease = Assert.Single(group.Take([new LeaseCandidate(partition, 0, 0, 10)]));
        Assert.Null(Reset(group, new OffsetCommit(partition, 3)));
        CommitToken token = CommitTokenTests.Token(new TokenLease(partition, 10, lease.Nonce));
        Assert.Equal(ErrorCode.LeaseExpired, group.Run(change => SettleLeases.Commit(change, token))?.Code);
        Assert.Equal(3, Assert.Single(group.Take([new LeaseCandidate(partition, 0, 0, 10)])).From);
    }

    [Fact]
    public void Offsets_of_deleted_topics_go()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 2);
        Assert.Null(group.Commit(new OffsetCommit(partitions[1], 1)));
        group.Topics.Delete("t");
        group.Run(change =>
        {
            ResetOffsets.Forget(change, partitions);
            return 0;
        });
        Assert.Equal(0, group.State.Offsets.Count);
        group.Recover();
    }

    private static ErrorCode? Reset(GroupHarness group, params OffsetCommit[] offsets) => group.Run(change => ResetOffsets.Decide(change, group.Topics, offsets))?.Code;

    private static ErrorCode? Delete(GroupHarness group, params PartitionRef[] partitions) =>
        group.Run(change => ResetOffsets.Delete(change, group.Topics, partitions))?.Code;
}
