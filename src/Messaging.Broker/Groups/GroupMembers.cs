using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>
/// Who is in a group, what each has and what each is to have. A partition has one holder at a time by construction: the map says who, and refuses a second one.
/// Guarded by the sequencer; recovery has one thread. Reads no clock and journals nothing.
/// </summary>
internal sealed class GroupMembers
{
    private readonly Dictionary<MemberId, GroupMember> _byId = [];
    private readonly Dictionary<string, GroupMember> _byInstance = [];
    // Former ids of static members.
    private readonly Dictionary<MemberId, GroupMember> _fenced = [];
    private readonly Dictionary<PartitionRef, GroupMember> _holders = [];
    private readonly GroupTarget _target = new();
    private readonly WantedTopics _topics = new();

    public int Count => _byId.Count;

    public Dictionary<MemberId, GroupMember>.ValueCollection All => _byId.Values;

    public Dictionary<TopicName, int>.KeyCollection Topics => _topics.All;

    /// <summary>Rises with every new assignment; 0 before the first.</summary>
    public int Generation => _target.Generation;

    public GroupProtocol Protocol { get; private set; }

    public AssignmentStrategy Strategy { get; private set; }

    /// <summary>Members or topics have changed since the assignment was made.</summary>
    public bool IsTargetStale => _target.IsStale;

    /// <summary>All partitions that the assignment shares out, in its order.</summary>
    public PartitionRef[] Universe => _target.Universe;

    /// <summary>Partitions that some member has.</summary>
    public int Held => _holders.Count;

    /// <summary>When the last member left.</summary>
    public long EmptySinceMs { get; private set; }

    /// <summary>When the next member may be over; perhaps early, never late.</summary>
    public long NextDeadlineMs { get; private set; } = long.MaxValue;

    public bool IsPreparing => IsTargetStale && Protocol == GroupProtocol.Eager;

    public bool IsSettled
    {
        get
        {
            foreach (GroupMember member in _byId.Values)
            {
                if (!IsSettledFor(member)) return false;
            }

            return !IsTargetStale;
        }
    }

    /// <summary>Whether the member has all that it is to have by the assignment, and nothing else.</summary>
    public bool IsSettledFor(GroupMember member) => member.Epoch == Generation && member.Owned.Count == member.Target.Length && !IsRevoking(member);

    public bool TryGet(MemberId id, [NotNullWhen(true)] out GroupMember? member) => _byId.TryGetValue(id, out member);

    public bool TryGetInstance(string instanceId, [NotNullWhen(true)] out GroupMember? member) => _byInstance.TryGetValue(instanceId, out member);

    public bool IsFenced(MemberId id) => _fenced.ContainsKey(id);

    public bool Wants(TopicName topic) => _topics.Has(topic);

    public GroupMember? HolderOf(PartitionRef partition) => _holders.GetValueOrDefault(partition);

    /// <summary>Whether some member is to have the partition.</summary>
    public bool IsTarget(PartitionRef partition) => _target.MemberOf(partition) is not null;

    /// <summary>Whether the member is to have the partition. While an eager group gives everything up, nobody is to have anything.</summary>
    public bool IsWanted(GroupMember member, PartitionRef partition) => !IsPreparing && _target.MemberOf(partition) == member;

    /// <summary>Whether it has what it is not to have.</summary>
    public bool IsRevoking(GroupMember member)
    {
        foreach (PartitionRef partition in member.Owned)
        {
            if (!IsWanted(member, partition)) return true;
        }

        return false;
    }

    /// <summary>Members in the order that assignments follow, which is Kafka's: static ones first, by instance id, then the others by id.</summary>
    public GroupMember[] InOrder()
    {
        GroupMember[] members = [.. _byId.Values];
        Array.Sort(members, static (one, other) => (one.Profile.InstanceId, other.Profile.InstanceId) switch
        {
            (null, null) => one.Id.CompareTo(other.Id),
            (null, _) => 1,
            (_, null) => -1,
            var (a, b) => string.CompareOrdinal(a, b),
        });
        return members;
    }

    /// <summary>New, or with another profile. Protocol and strategy are the first member's.</summary>
    public void ApplyJoined(long now, MemberId id, MemberProfile profile, GroupProtocol protocol, AssignmentStrategy strategy)
    {
        if (Count == 0) (Protocol, Strategy) = (protocol, strategy);
        if (_byId.TryGetValue(id, out GroupMember? member))
        {
            Redefine(member, profile, now);
            return;
        }

        member = new GroupMember(id, profile);
        _byId.Add(id, member);
        if (profile.InstanceId is { } instance) _byInstance.Add(instance, member);
        _topics.Count(profile.Topics, 1);
        Touch(member, now);
        MakeStale(now);
    }

    /// <summary>A static member came back under another id, and has all that it had.</summary>
    public void ApplyReplaced(long now, MemberId old, MemberId id, MemberProfile profile)
    {
        _byId.Remove(old, out GroupMember? member);
        Invariant.Check(member is not null, "A member that is replaced is one.");
        if (member.FencedId is { } fenced) _fenced.Remove(fenced);
        member.FencedId = old;
        _fenced.Add(old, member);
        member.Id = id;
        _byId.Add(id, member);
        Redefine(member, profile, now);
    }

    public void ApplyLeft(long now, ReadOnlySpan<MemberId> ids)
    {
        foreach (MemberId id in ids) Remove(id);
        if (Count > 0) MakeStale(now);
        else Empty(now);
    }

    /// <summary>A topic came, grew or went.</summary>
    public void ApplyTopicsChanged(long now) => MakeStale(now);

    /// <summary>Who is to have each partition of the universe, as places in <see cref="InOrder"/>; below 0 is nobody.</summary>
    public void ApplyAssigned(long now, int generation, PartitionRef[] universe, ReadOnlySpan<int> owners)
    {
        _target.Assign(generation, universe, owners, InOrder());
        TimeRevocations(now);
    }

    /// <summary>The member has given up and got partitions, and has reached a generation.</summary>
    public void ApplyReconciled(MemberId id, int epoch, ReadOnlySpan<PartitionRef> revoked, ReadOnlySpan<PartitionRef> granted)
    {
        GroupMember member = _byId[id];
        foreach (PartitionRef partition in revoked)
        {
            bool had = member.Owned.Remove(partition) && _holders.Remove(partition);
            Invariant.Check(had, "Only what a member has can be given up.");
        }

        foreach (PartitionRef partition in granted) Hold(member, partition);
        if (epoch != member.Epoch) (member.PreviousEpoch, member.Epoch) = (member.Epoch, epoch);
        if (!IsRevoking(member)) member.RevokeEndsMs = long.MaxValue;
    }

    /// <summary>Sessions and times to give up begin anew: after a restart, where nobody could be heard of.</summary>
    public void SessionsFrom(long now)
    {
        NextDeadlineMs = long.MaxValue;
        foreach (GroupMember member in _byId.Values)
        {
            member.SessionEndsMs = now + member.Profile.SessionMs;
            member.RevokeEndsMs = long.MaxValue;
            NextDeadlineMs = Math.Min(NextDeadlineMs, member.SessionEndsMs);
        }

        TimeRevocations(now);
    }

    /// <summary>Members whose time is over, in the order of their ids.</summary>
    public List<MemberId> Overdue(long now)
    {
        var overdue = new List<MemberId>();
        if (now < NextDeadlineMs) return overdue;
        NextDeadlineMs = long.MaxValue;
        foreach (GroupMember member in _byId.Values)
        {
            if (member.DeadlineMs <= now) overdue.Add(member.Id);
            else NextDeadlineMs = Math.Min(NextDeadlineMs, member.DeadlineMs);
        }

        overdue.Sort();
        return overdue;
    }

    public void Restore(GroupProtocol protocol, AssignmentStrategy strategy, int generation, long emptySinceMs) =>
        (Protocol, Strategy, _target.Generation, EmptySinceMs) = (protocol, strategy, generation, emptySinceMs);

    /// <summary>A member of a snapshot; what all are to have comes behind the last one.</summary>
    public void RestoreMember(MemberId id, MemberProfile profile, MemberId? fencedId, int epoch, int previousEpoch, ReadOnlySpan<PartitionRef> owned)
    {
        var member = new GroupMember(id, profile) { FencedId = fencedId, Epoch = epoch, PreviousEpoch = previousEpoch };
        _byId.Add(id, member);
        if (profile.InstanceId is { } instance) _byInstance.Add(instance, member);
        if (fencedId is { } fenced) _fenced.Add(fenced, member);
        _topics.Count(profile.Topics, 1);
        foreach (PartitionRef partition in owned) Hold(member, partition);
    }

    /// <summary>What all are to have, of a snapshot.</summary>
    public void RestoreTarget(long now, PartitionRef[] universe, ReadOnlySpan<int> owners, bool isStale)
    {
        ApplyAssigned(now, Generation, universe, owners);
        _target.IsStale = isStale;
    }

    private void Hold(GroupMember member, PartitionRef partition)
    {
        bool isFree = _holders.TryAdd(partition, member) && member.Owned.Add(partition);
        Invariant.Check(isFree, "A partition has one member at a time.");
    }

    private void Remove(MemberId id)
    {
        _byId.Remove(id, out GroupMember? member);
        Invariant.Check(member is not null, "A member that leaves is one.");
        if (member.Profile.InstanceId is { } instance) _byInstance.Remove(instance);
        if (member.FencedId is { } fenced) _fenced.Remove(fenced);
        foreach (PartitionRef partition in member.Owned) _holders.Remove(partition);
        _target.Forget(member);
        _topics.Count(member.Profile.Topics, -1);
    }

    private void Empty(long now)
    {
        _target.Clear();
        (EmptySinceMs, NextDeadlineMs) = (now, long.MaxValue);
    }

    private void Redefine(GroupMember member, MemberProfile profile, long now)
    {
        bool isStale = !profile.HasTopicsOf(member.Profile);
        _topics.Count(member.Profile.Topics, -1);
        _topics.Count(profile.Topics, 1);
        member.Profile = profile;
        Touch(member, now);
        if (isStale) MakeStale(now);
    }

    private void Touch(GroupMember member, long now)
    {
        member.Touch(now);
        NextDeadlineMs = Math.Min(NextDeadlineMs, member.DeadlineMs);
    }

    private void MakeStale(long now)
    {
        _target.IsStale = true;
        TimeRevocations(now);
    }

    // Each has its own time from when it was first asked to give up something.
    private void TimeRevocations(long now)
    {
        foreach (GroupMember member in _byId.Values)
        {
            if (!IsRevoking(member)) member.RevokeEndsMs = long.MaxValue;
            else if (member.RevokeEndsMs == long.MaxValue) member.RevokeEndsMs = now + member.Profile.RebalanceMs;
            NextDeadlineMs = Math.Min(NextDeadlineMs, member.DeadlineMs);
        }
    }
}
