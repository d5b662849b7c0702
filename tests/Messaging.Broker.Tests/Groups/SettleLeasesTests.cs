using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class SettleLeasesTests
{
    private static readonly PartitionRef A = new(40);
    private static readonly PartitionRef B = new(41);
    private static readonly LeaseCandidate[] Log = [new(A, 0, 0, 10), new(B, 0, 0, 10)];

    [Fact]
    public void A_commit_ends_the_leases_and_the_next_fetch_goes_on_behind_it()
    {
        var group = new GroupHarness();
        CommitToken token = Token(group.Take(Log), next: 4);
        Assert.Null(Commit(group, token));
        group.Recover();
        Assert.Equal([4L, 4L], group.Take(Log).Select(lease => lease.From));
    }

    [Fact]
    public void The_same_commit_again_is_fine_until_somebody_goes_on()
    {
        var group = new GroupHarness();
        CommitToken token = Token(group.Take(Log), next: 4);
        Assert.Null(Commit(group, token));
        group.Recover();
        int journaled = group.Journaled;
        Assert.Null(Commit(group, token));
        Assert.Equal(journaled, group.Journaled);
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, CommitTokenTests.Token(new TokenLease(A, 5, token.Leases[0].Nonce))));
        Assert.Null(Commit(group, Token(group.Take(Log), next: 6)));
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, token));
        Assert.Equal(6, group.Progress(A)!.Offset);
    }

    [Fact]
    public void A_lease_that_is_over_commits_nothing_and_its_records_are_fetched_again()
    {
        var group = new GroupHarness();
        CommitToken token = Token(group.Take(Log), next: 10);
        group.Advance(30);
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, token));
        Assert.Equal([0L, 0L], group.Take(Log).Select(lease => lease.From));
        // Nor while somebody else has them.
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, token));
    }

    [Fact]
    public void A_commit_is_all_or_nothing()
    {
        var group = new GroupHarness();
        Lease[] leases = group.Take(Log);
        CommitToken token = Token(leases, next: 10);
        Assert.Null(group.Run(change => ResetOffsets.Decide(change, group.Topics, [new OffsetCommit(B, 2)])));
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, token));
        Assert.Equal(-1, group.Progress(A)!.Offset);
    }

    [Fact]
    public void What_is_given_back_is_there_at_once()
    {
        var group = new GroupHarness();
        CommitToken token = Token(group.Take(Log), next: 10);
        Assert.Null(group.Run(change => SettleLeases.Release(change, token)));
        Assert.Null(group.Run(change => SettleLeases.Release(change, token)));
        Assert.Equal(ErrorCode.LeaseExpired, Commit(group, token));
        group.Recover();
        Assert.Equal([0L, 0L], group.Take(Log).Select(lease => lease.From));
    }

    [Fact]
    public void A_token_of_another_group_is_none()
    {
        var group = new GroupHarness();
        Lease lease = group.Take(Log)[0];
        CommitToken token = CommitTokenTests.Token(GroupHarness.StreamId + 1, new TokenLease(A, 4, lease.Nonce));
        Assert.Equal(ErrorCode.CommitTokenInvalid, Commit(group, token));
        Assert.Equal(ErrorCode.CommitTokenInvalid, group.Run(change => SettleLeases.Release(change, token))?.Code);
    }

    [Fact]
    public void A_lease_that_runs_is_committed_also_when_members_have_come()
    {
        var group = new GroupHarness();
        PartitionRef[] partitions = group.Topics.Grow("t", 1);
        Lease lease = group.Take([new LeaseCandidate(partitions[0], 0, 0, 10)])[0];
        MemberAnswer one = group.Join(GroupHarness.Request("t"));
        Assert.Empty(one.Assigned);
        Assert.Null(Commit(group, CommitTokenTests.Token(new TokenLease(partitions[0], 10, lease.Nonce))));
        Assert.Equal(partitions, group.Beat(one).Assigned);
    }

    private static ErrorCode? Commit(GroupHarness group, CommitToken token) => group.Run(change => SettleLeases.Commit(change, token))?.Code;

    private static CommitToken Token(Lease[] leases, long next) =>
        CommitTokenTests.Token([.. leases.Select(lease => new TokenLease(lease.Partition, next, lease.Nonce))]);
}
