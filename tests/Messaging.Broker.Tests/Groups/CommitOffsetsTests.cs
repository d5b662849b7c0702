using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class CommitOffsetsTests
{
    private static readonly PartitionRef P = new(40);

    [Fact]
    public void A_commit_is_kept_word_for_word_over_a_restart_and_may_be_beyond_the_end_or_go_back()
    {
        var group = new GroupHarness();
        Assert.Null(group.Commit(new OffsetCommit(P, long.MaxValue - 1, 3, "é")));
        group.Recover();
        PartitionProgress progress = group.Progress(P)!;
        Assert.Equal((long.MaxValue - 1, 3, "é", group.NowMs), (progress.Offset, progress.LeaderEpoch, progress.Metadata, progress.CommittedMs));
        Assert.Null(group.Commit(new OffsetCommit(P, 0)));
        Assert.Equal((0, -1, ""), (group.Progress(P)!.Offset, group.Progress(P)!.LeaderEpoch, group.Progress(P)!.Metadata));
    }

    [Fact]
    public void One_entry_commits_many_partitions_and_a_bad_one_never_fails_the_others()
    {
        var group = new GroupHarness();
        int journaled = group.Journaled;
        OffsetCommit[] commits =
        [
            new(new PartitionRef(9), 1), new(new PartitionRef(3), -1), new(new PartitionRef(4), 2, -2), new(new PartitionRef(5), 3, 0, new string('é', 2_049)),
            new(new PartitionRef(6), 4, 0, new string('é', 2_048)),
        ];
        Result<BrokerError?[]> done = group.Run(change => CommitOffsets.Decide(change, group.Topics, null, -1, commits));
        Assert.Equal([null, "offsets[1].offset", "offsets[2].leaderEpoch", "offsets[3].metadata", null], done.Value.Select(outcome => outcome?.Field));
        Assert.Equal(journaled + 1, group.Journaled);
        Assert.Equal([6L, 9L], group.State.Offsets.All.Keys.Select(partition => partition.StreamId).Order());
        group.Recover();
    }

    [Fact]
    public void Without_a_generation_only_while_the_group_has_no_members()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 1);
        Assert.Null(group.Commit(new OffsetCommit(P, 1)));
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Equal(ErrorCode.UnknownMember, group.Commit(new OffsetCommit(P, 2)));
        Assert.Equal(ErrorCode.StaleGeneration, group.Commit(new OffsetCommit(P, 2), one.Id));
        Assert.Null(group.Commit(new OffsetCommit(P, 2), one.Id, one.Generation));
        Assert.Equal(ErrorCode.StaleGeneration, group.Commit(new OffsetCommit(P, 3), one.Id, one.Generation + 1));
        Assert.Equal(ErrorCode.UnknownMember, group.Commit(new OffsetCommit(P, 3), group.Mint(), one.Generation));
        group.Leave(one.Id);
        Assert.Equal(ErrorCode.UnknownMember, group.Commit(new OffsetCommit(P, 3), one.Id, one.Generation));
        Assert.Equal(2, group.Progress(P)!.Offset);
        Assert.Null(group.Commit(new OffsetCommit(P, 3)));
    }

    [Fact]
    public void A_member_that_commits_is_there()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 1);
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        group.Advance(9);
        Assert.Null(group.Commit(new OffsetCommit(P, 1), one.Id, one.Generation));
        group.Advance(9);
        Assert.True(group.TryBeat(one.Id, one.Generation).IsOk);
    }

    [Fact]
    public void A_group_has_a_bound_of_offsets()
    {
        var group = new GroupHarness();
        OffsetCommit[] commits = [.. Enumerable.Range(0, GroupLimits.PartitionsPerGroupMax + 1).Select(i => new OffsetCommit(new PartitionRef(i), i))];
        Result<BrokerError?[]> done = group.Run(change => CommitOffsets.Decide(change, group.Topics, null, -1, commits));
        Assert.Equal(ErrorCode.TooManyPartitions, Assert.Single(done.Value, outcome => outcome is not null)!.Code);
        Assert.Null(group.Commit(new OffsetCommit(new PartitionRef(5), 100)));
        Assert.Equal(ErrorCode.TooManyPartitions, group.Commit(new OffsetCommit(new PartitionRef(1_000_000), 100)));
    }

    [Fact]
    public void Offsets_go_a_retention_after_the_last_member_has_left_and_never_before()
    {
        var group = new GroupHarness();
        group.Topics.Grow("t", 1);
        MemberAnswer one = group.Join(GroupHarness.Request("t") with { SessionSeconds = 1_800 });
        Assert.Null(group.Commit(new OffsetCommit(P, 1), one.Id, one.Generation));
        for (int i = 0; i < 1_000; i++)
        {
            group.Advance(1_799);
            group.Beat(one);
        }

        Assert.Equal(1, group.Progress(P)!.Offset);
        group.Leave(one.Id);
        group.Advance(GroupLimits.OffsetRetentionSecondsDefault - 1);
        group.State.Advance(group.NowMs);
        Assert.Equal(1, group.Progress(P)!.Offset);
        Assert.True(group.State.NextDueMs <= group.NowMs + 1_000);
        group.Advance(1);
        group.State.Advance(group.NowMs);
        Assert.Null(group.Progress(P));
        Assert.Equal(GroupStatus.Dead, group.State.Status);
        group.Recover();
    }

    [Fact]
    public void Without_members_each_offset_has_its_own_time_and_the_retention_is_the_server_s()
    {
        var group = new GroupHarness();
        group.Run(change =>
        {
            OpenGroup.Keep(change, 60_000);
            return 0;
        });
        Assert.Null(group.Commit(new OffsetCommit(P, 1)));
        group.Advance(30);
        Assert.Null(group.Commit(new OffsetCommit(new PartitionRef(41), 1)));
        group.Recover();
        group.Advance(30);
        group.State.Advance(group.NowMs);
        Assert.Null(group.Progress(P));
        Assert.NotNull(group.Progress(new PartitionRef(41)));
        group.Recover();
        // A lease counts to its end.
        group.Take([new LeaseCandidate(new PartitionRef(42), 0, 0, 5)], seconds: 600);
        group.Advance(659);
        group.State.Advance(group.NowMs);
        Assert.NotNull(group.Progress(new PartitionRef(41)));
        group.Advance(1);
        group.State.Advance(group.NowMs);
        Assert.Equal(0, group.State.Offsets.Count);
    }
}
