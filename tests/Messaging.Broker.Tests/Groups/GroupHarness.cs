using System.Buffers;
using System.Buffers.Binary;
using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Groups;

/// <summary>A group with the journal that it would have, and the operations of a test in few words.</summary>
internal sealed class GroupHarness
{
    public const long StreamId = 7;

    private readonly List<byte[]> _journal = [];
    private byte[]? _snapshot;
    private ulong _minted;

    public GroupHarness()
    {
        Assert.True(GroupName.TryParse("g", out GroupName name));
        Key = new GroupKey(AccountId.Default, NamespaceName.Default, name);
        Run(change =>
        {
            OpenGroup.Decide(change, Key);
            return 0;
        });
    }

    public GroupKey Key { get; }

    public GroupState State { get; private set; } = new(StreamId);

    public FakeTopics Topics { get; } = new();

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>Entries since the last snapshot.</summary>
    public int Journaled => _journal.Count;

    public long JournalBytes => _journal.Sum(entry => (long)entry.Length);

    public static byte[] Bytes(GroupState state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        GroupSnapshot.Write(state, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public T Run<T>(Func<GroupChange, T> act)
    {
        var change = new GroupChange(State, NowMs);
        T answer = act(change);
        for (int i = 0; i < change.Count; i++) _journal.Add(change[i].ToArray());
        return answer;
    }

    public void Advance(double seconds) => NowMs += (long)(seconds * 1_000);

    /// <summary>What a checkpoint does.</summary>
    public void Checkpoint()
    {
        _snapshot = Bytes(State);
        _journal.Clear();
    }

    /// <summary>The server starts again: the same state from the snapshot and the journal, and sessions that begin anew.</summary>
    public void Recover()
    {
        var recovered = new GroupState(StreamId);
        if (_snapshot is not null) GroupSnapshot.Restore(recovered, _snapshot);
        foreach (byte[] entry in _journal) GroupEntries.Apply(recovered, entry);
        State.Advance(NowMs);
        recovered.Advance(NowMs);
        Assert.Equal(Bytes(State), Bytes(recovered));
        State = recovered;
        State.Members.SessionsFrom(NowMs);
    }

    public static JoinRequest Request(params string[] topics) => new() { Topics = [.. topics.Select(FakeTopics.Name)], SessionSeconds = 10, RebalanceSeconds = 30 };

    public static JoinRequest Eager(params string[] topics) => Request(topics) with { Protocol = GroupProtocol.Eager, Strategy = AssignmentStrategy.Range };

    /// <summary>Ids rise, so that members stand in the order in which they joined.</summary>
    public MemberId Mint()
    {
        Span<byte> bytes = stackalloc byte[MemberId.Bytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ++_minted);
        return new MemberId(bytes);
    }

    public Result<MemberAnswer> TryJoin(JoinRequest request, params PartitionRef[] owned) => Run(change => JoinGroup.Decide(change, Topics, request, Mint(), owned));

    public MemberAnswer Join(JoinRequest request) => Ok(TryJoin(request));

    public Result<MemberAnswer> TryBeat(MemberId id, int generation, PartitionRef[]? owned = null, string? instance = null) =>
        Run(change => HeartbeatMember.Decide(change, Topics, new MemberCheck(id, instance), generation, owned));

    /// <summary>With what the last answer left it: all that it was asked to it has given up.</summary>
    public MemberAnswer Beat(MemberAnswer last) => Ok(TryBeat(last.Id, last.Generation, last.Assigned));

    /// <summary>It is there, and has given up nothing.</summary>
    public MemberAnswer Hold(MemberAnswer last) => Ok(TryBeat(last.Id, last.Generation, [.. last.Assigned, .. last.Revoked]));

    public ErrorCode? Leave(MemberId id) => Run(change => LeaveGroup.Decide(change, Topics, new MemberCheck(id)))?.Code;

    public void Tick() => Run(change =>
    {
        ExpireMembers.Decide(change, Topics);
        return 0;
    });

    public void TopicsChanged() => Run(change =>
    {
        AssignPartitions.TopicsChanged(change, Topics);
        return 0;
    });

    /// <summary>The refusal, of all or of the one.</summary>
    public ErrorCode? Commit(OffsetCommit commit, MemberId? member = null, int generation = CommitOffsets.NoGeneration, string? instance = null)
    {
        MemberCheck? caller = member is { } id ? new MemberCheck(id, instance) : null;
        Result<BrokerError?[]> done = Run(change => CommitOffsets.Decide(change, Topics, caller, generation, [commit]));
        return done.IsOk ? Assert.Single(done.Value)?.Code : done.Error.Code;
    }

    public PartitionProgress? Progress(PartitionRef partition) => State.Offsets.TryGet(partition, out PartitionProgress? progress) ? progress : null;

    public Result<Lease[]> TryTake(LeaseCandidate[] candidates, int offsetsMax = 100, int seconds = 30) =>
        Run(change => TakeLeases.Decide(change, Topics, candidates, offsetsMax, seconds * 1_000L));

    public Lease[] Take(LeaseCandidate[] candidates, int offsetsMax = 100, int seconds = 30)
    {
        Result<Lease[]> taken = TryTake(candidates, offsetsMax, seconds);
        Assert.True(taken.IsOk, taken.Error?.Detail);
        return taken.Value;
    }

    public static MemberAnswer Ok(Result<MemberAnswer> answer)
    {
        Assert.True(answer.IsOk, answer.Error?.Detail);
        return answer.Value;
    }
}
