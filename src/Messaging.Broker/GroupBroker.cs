using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on consumer groups. A group begins with the first call that needs it. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of
/// the disk are exceptions of Storage. Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class GroupBroker
{
    private readonly GroupHost _host;
    private readonly FetchForGroup _fetch;
    private readonly DescribeGroup _describe;
    private readonly ListGroups _list;
    private readonly ResetGroup _reset;
    private readonly GroupBeat _beat;

    internal GroupBroker(GroupHost host, TopicHost topics)
    {
        _host = host;
        _fetch = new FetchForGroup(_host);
        _describe = new DescribeGroup(_host);
        _list = new ListGroups(_host);
        _reset = new ResetGroup(_host, new FindOffsets(topics));
        _beat = new GroupBeat(_host);
    }

    /// <summary>A client becomes a member, or comes back as one; <paramref name="owned"/> are partitions that a known member goes on with meanwhile, none where it begins anew.</summary>
    public ValueTask<Result<Membership>> JoinAsync(GroupKey key, JoinRequest request, IReadOnlyList<TopicPartition> owned, CancellationToken cancellationToken) =>
        _host.RunAsync(key, new JoinCall(request, MemberId.Mint(), owned), cancellationToken);

    /// <summary>A member is there, says what it has, and is told what it is to have.</summary>
    public ValueTask<Result<Membership>> HeartbeatAsync(GroupKey key, HeartbeatRequest request, CancellationToken cancellationToken) =>
        _host.RunAsync(key, new HeartbeatCall(request), cancellationToken);

    /// <summary>A member leaves for good: what it had is free at once.</summary>
    public ValueTask<Result<bool>> LeaveAsync(GroupKey key, MemberId member, string? instanceId, CancellationToken cancellationToken) =>
        _host.RunAsync(key, new LeaveCall(member, instanceId), cancellationToken);

    /// <summary>A static member is sent away by its instance id, whoever has it now.</summary>
    public ValueTask<Result<bool>> RemoveInstanceAsync(GroupKey key, string instanceId, CancellationToken cancellationToken) =>
        _host.RunAsync(key, new LeaveCall(null, instanceId), cancellationToken);

    /// <summary>
    /// For clients that do not stay: leases records of partitions of the topics, and waits for them as long as asked; <see cref="ErrorCode.GroupHasMembers"/> while the group has members. What is not
    /// committed in time is there for the next one. The caller disposes the answer.
    /// </summary>
    public ValueTask<Result<GroupRecords>> FetchAsync(GroupKey key, GroupFetchRequest request, CancellationToken cancellationToken) =>
        _fetch.RunAsync(key, request, cancellationToken);

    /// <summary>What a fetch was given is done with, as far as its token says.</summary>
    public ValueTask<Result<bool>> CommitAsync(GroupKey key, CommitToken token, CancellationToken cancellationToken) =>
        SettleAsync(key, token, isCommit: true, cancellationToken);

    /// <summary>What a fetch was given is there for the next one.</summary>
    public ValueTask<Result<bool>> ReleaseAsync(GroupKey key, CommitToken token, CancellationToken cancellationToken) =>
        SettleAsync(key, token, isCommit: false, cancellationToken);

    /// <summary>Commits offsets, of a member in its generation or of nobody's in particular: per entry null, or the refusal.</summary>
    public async ValueTask<Result<BrokerError?[]>> CommitAsync(GroupKey key, OffsetsCommit commit, CancellationToken cancellationToken) =>
        OffsetEntries.Check(commit.Offsets.Count) is { } refusal ? refusal : await _host.RunAsync(key, new CommitCall(commit), cancellationToken);

    /// <summary>What the group has committed, of all topics or of one; by topic and partition.</summary>
    public ValueTask<Result<IReadOnlyList<CommittedOffset>>> GetOffsetsAsync(GroupKey key, TopicName? topic, CancellationToken cancellationToken) =>
        _describe.OffsetsAsync(key, topic, cancellationToken);

    /// <summary>Sets offsets from outside, all or none; not of partitions that members have (<see cref="ErrorCode.GroupHasMembers"/>). Leases of them end.</summary>
    public async ValueTask<Result<bool>> PutOffsetsAsync(GroupKey key, IReadOnlyList<OffsetEntry> offsets, CancellationToken cancellationToken) =>
        OffsetEntries.Check(offsets.Count) is { } refusal ? refusal : await _host.RunAsync(key, new PutOffsetsCall(offsets), cancellationToken);

    /// <summary>
    /// Forgets the offsets of a topic, or of one partition of it; not of partitions that members have (<see cref="ErrorCode.GroupHasMembers"/>). Leases of them end. Where there are none nothing happens.
    /// </summary>
    public ValueTask<Result<bool>> DeleteOffsetsAsync(GroupKey key, TopicName topic, int? partition, CancellationToken cancellationToken) =>
        _host.RunAsync(key, new DeleteOffsetsCall(topic, partition), cancellationToken);

    /// <summary>The same as a put, to what the partitions have of a time, or to their ends; the offsets that are set.</summary>
    public ValueTask<Result<IReadOnlyList<OffsetEntry>>> ResetAsync(GroupKey key, OffsetReset reset, CancellationToken cancellationToken) =>
        _reset.RunAsync(key, reset, cancellationToken);

    /// <summary>A page of the groups whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<GroupPage>> ListAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _list.RunAsync(account, space, prefix, pageSize, pageToken, cancellationToken);

    /// <summary>Members, assignment, committed offsets and lag, of one moment.</summary>
    public ValueTask<Result<GroupDescription>> DescribeAsync(GroupKey key, CancellationToken cancellationToken) => _describe.RunAsync(key, cancellationToken);

    /// <summary>Deletes the group with its offsets, where it has neither members nor leases (<see cref="ErrorCode.GroupNotEmpty"/>).</summary>
    public ValueTask<Result<bool>> DeleteAsync(GroupKey key, CancellationToken cancellationToken) => _host.RunAsync(key, new DeleteCall(), cancellationToken);

    internal ValueTask BeatAsync() => _beat.BeatAsync();

    /// <summary>All groups that are there when it begins, whoever uses them; null when they are gone.</summary>
    internal async ValueTask<BrokerError?> DropAllAsync()
    {
        foreach (GroupKey key in _host.Groups.Names.ToArray())
        {
            Result<bool> dropped = await _host.RunAsync(key, new DropCall(), CancellationToken.None);
            if (!dropped.IsOk && dropped.Error.Code != ErrorCode.GroupNotFound) return dropped.Error;
        }

        return null;
    }

    // What no server key has signed is refused before anybody waits for it.
    private async ValueTask<Result<bool>> SettleAsync(GroupKey key, CommitToken token, bool isCommit, CancellationToken cancellationToken) =>
        token.IsGenuine(_host.Topics.Keys) ? await _host.RunAsync(key, new SettleCall(token, isCommit), cancellationToken) : GroupRefusals.TokenInvalid;
}
