using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class OpenGroupTests
{
    [Fact]
    public void A_stream_s_first_byte_tells_that_it_is_a_group_s()
    {
        var change = new GroupChange(new GroupState(1), 5);
        OpenGroup.Decide(change, new GroupHarness().Key);
        Assert.Equal(128, change[0][0]);
        Assert.Equal(128, GroupHarness.Bytes(change.State)[0]);
        Assert.Equal("000000000000/default/g", change.State.Key.ToString());
    }

    [Fact]
    public void A_group_may_be_deleted_only_while_nobody_uses_it()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 1);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.GroupNotEmpty, MayDelete(group));
        group.Leave(one.Id);
        Assert.Null(group.Commit(new OffsetCommit(partitions[0], 1)));
        Assert.Null(MayDelete(group));
        group.Take([new LeaseCandidate(partitions[0], 0, 0, 9)]);
        Assert.Equal(ErrorCode.GroupNotEmpty, MayDelete(group));
        group.Advance(30);
        Assert.Null(MayDelete(group));
    }

    private static ErrorCode? MayDelete(GroupHarness group) => group.Run(change => OpenGroup.MayDelete(change, group.Topics))?.Code;
}
