using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>A group as it is, whole or its offsets alone; told once what it tells of is synced.</summary>
internal sealed class DescribeGroup(GroupHost host)
{
    private static readonly Comparison<CommittedOffset> ByName = static (one, other) =>
        string.CompareOrdinal(one.Topic.Value, other.Topic.Value) is not 0 and var order ? order : one.Partition.CompareTo(other.Partition);

    public async ValueTask<Result<GroupDescription>> RunAsync(GroupKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Topics.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Check(key) is { } refusal) return refusal;
        GroupDescription? description = null;
        await Look(key, (group, now) => description = Describe(group, now));
        return description is null ? GroupHost.NotFound(key) : description;
    }

    /// <summary>What the group has committed, of all topics or of one.</summary>
    public async ValueTask<Result<IReadOnlyList<CommittedOffset>>> OffsetsAsync(GroupKey key, TopicName? topic, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Topics.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Check(key) is { } refusal) return refusal;
        List<CommittedOffset>? offsets = null;
        await Look(key, (group, now) => offsets = Offsets(group, [.. group.State.Offsets.All.Keys], now));
        return offsets is null ? GroupHost.NotFound(key) : offsets.FindAll(offset => offset.Offset is not null && (topic is null || offset.Topic == topic));
    }

    private ValueTask Look(in GroupKey key, Action<LiveGroup, long> look)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            if (host.Groups.TryGet(key, out LiveGroup? group))
            {
                long now = host.Topics.Clock.NowMs();
                group.State.Advance(now);
                look(group, now);
            }

            synced = command.Commit();
        }

        return synced;
    }

    private static GroupDescription Describe(LiveGroup group, long now)
    {
        GroupMembers members = group.State.Members;
        HashSet<PartitionRef> partitions = [.. group.State.Offsets.All.Keys, .. members.Universe];
        bool hasMembers = members.Count > 0;
        return new GroupDescription(
            group.State.Key,
            group.State.Status,
            members.Generation,
            hasMembers ? members.Protocol : null,
            hasMembers ? members.Strategy : null,
            Array.ConvertAll(members.InOrder(), member => Describe(group, member)),
            Offsets(group, partitions, now));
    }

    private static MemberDescription Describe(LiveGroup group, GroupMember member)
    {
        MemberAnswer answer = MemberAnswer.Of(group.State.Members, member);
        return new MemberDescription(
            member.Id,
            member.Profile.InstanceId,
            member.Profile.ClientId,
            member.Profile.ClientHost,
            member.Profile.Topics,
            member.Epoch,
            group.Topics!.Name(answer.Assigned),
            group.Topics!.Name(answer.Revoked),
            DateTimeOffset.FromUnixTimeMilliseconds(member.SessionEndsMs));
    }

    private static List<CommittedOffset> Offsets(LiveGroup group, HashSet<PartitionRef> partitions, long now)
    {
        var offsets = new List<CommittedOffset>(partitions.Count);
        foreach (PartitionRef reference in partitions)
        {
            if (!group.Topics!.TryGet(reference, out LivePartition? partition)) continue;
            group.State.Offsets.TryGet(reference, out PartitionProgress? progress);
            offsets.Add(Describe(partition, progress, now));
        }

        offsets.Sort(ByName);
        return offsets;
    }

    private static CommittedOffset Describe(LivePartition partition, PartitionProgress? progress, long now)
    {
        bool isCommitted = progress is { Offset: >= 0 };
        return new CommittedOffset(
            partition.Topic!.Key.Name,
            partition.Number,
            isCommitted ? progress!.Offset : null,
            progress is { LeaderEpoch: >= 0 and var epoch } ? epoch : null,
            progress?.Metadata ?? "",
            isCommitted ? DateTimeOffset.FromUnixTimeMilliseconds(progress!.CommittedMs) : null,
            partition.Offsets.Below(partition.LastStable),
            progress?.LiveLease(now) is { } lease ? DateTimeOffset.FromUnixTimeMilliseconds(lease.UntilMs) : null);
    }
}
