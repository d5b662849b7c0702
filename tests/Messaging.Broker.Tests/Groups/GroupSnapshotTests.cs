using Messaging.Broker.Groups;
using Messaging.Storage;

namespace Messaging.Broker.Tests.Groups;

public sealed class GroupSnapshotTests
{
    [Fact]
    public void A_snapshot_has_all_that_a_group_is()
    {
        GroupHarness group = Sample();
        byte[] bytes = GroupHarness.Bytes(group.State);
        var restored = new GroupState(GroupHarness.StreamId);
        GroupSnapshot.Restore(restored, bytes);
        Assert.Equal(bytes, GroupHarness.Bytes(restored));
        Assert.Equal((group.Key, group.State.Status), (restored.Key, restored.Status));
        Assert.Equal(Members(group.State), Members(restored));

        static IEnumerable<(MemberId, int, MemberProfile)> Members(GroupState state) => state.Members.All.Select(member => (member.Id, member.Epoch, member.Profile));
    }

    [Fact]
    public void A_torn_snapshot_is_a_fault_at_every_byte()
    {
        byte[] bytes = GroupHarness.Bytes(Sample().State);
        for (int length = 0; length < bytes.Length; length++)
        {
            StorageFaultException fault = Assert.Throws<StorageFaultException>(() => GroupSnapshot.Restore(new GroupState(1), bytes.AsSpan(0, length)));
            Assert.Equal(StorageFault.Corruption, fault.Fault);
        }

        Assert.Throws<StorageFaultException>(() => GroupSnapshot.Restore(new GroupState(1), [.. bytes, 0]));
    }

    [Fact]
    public void An_unknown_kind_and_a_torn_entry_are_faults()
    {
        Assert.Throws<StorageFaultException>(() => GroupEntries.Apply(new GroupState(1), []));
        Assert.Throws<StorageFaultException>(() => GroupEntries.Apply(new GroupState(1), [127, 0]));
        Assert.Throws<StorageFaultException>(() => GroupEntries.Apply(new GroupState(1), [255, 0]));
        Assert.Throws<StorageFaultException>(() => GroupEntries.Apply(new GroupState(1), [(byte)GroupEntryKind.Joined, 1, 2, 3]));
        Assert.Throws<StorageFaultException>(() => GroupEntries.Apply(new GroupState(1), [(byte)GroupEntryKind.Committed, 1, 2, 3, 4, 9, 0]));
    }

    // A static member that was replaced, one that has to give up, one that waits, a committed offset, and a lease.
    private static GroupHarness Sample()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 5);
        group.Take([new LeaseCandidate(partitions[4], 2, 3, 10)]);
        Assert.Null(group.Commit(new OffsetCommit(partitions[0], 9, 1, "here")));
        group.Join(GroupHarness.Request("t") with { InstanceId = "i", ClientId = "client", ClientHost = "10.0.0.1" });
        group.Join(GroupHarness.Request("t") with { InstanceId = "i", ClientId = "client", ClientHost = "10.0.0.2" });
        group.Join(GroupHarness.Request("t", "later"));
        Assert.Equal(GroupStatus.Reconciling, group.State.Status);
        return group;
    }
}
