namespace Messaging.Broker.Groups;

/// <summary>A group's assignment: which member is to have which partitions, whoever has them now. Guarded by the sequencer; recovery has one thread.</summary>
internal sealed class GroupTarget
{
    private readonly Dictionary<PartitionRef, GroupMember> _members = [];

    /// <summary>Rises with every new assignment; 0 before the first.</summary>
    public int Generation { get; set; }

    /// <summary>All partitions that the assignment shares out, in its order.</summary>
    public PartitionRef[] Universe { get; private set; } = [];

    /// <summary>Members or topics have changed since the assignment was made.</summary>
    public bool IsStale { get; set; }

    /// <summary>Who is to have the partition; null: nobody.</summary>
    public GroupMember? MemberOf(PartitionRef partition) => _members.GetValueOrDefault(partition);

    /// <summary>Who is to have each partition of the universe, as places in <paramref name="members"/>; below 0 is nobody.</summary>
    public void Assign(int generation, PartitionRef[] universe, ReadOnlySpan<int> owners, GroupMember[] members)
    {
        (Generation, Universe, IsStale) = (generation, universe, false);
        var targets = new List<PartitionRef>[members.Length];
        for (int i = 0; i < targets.Length; i++) targets[i] = [];
        _members.Clear();
        for (int i = 0; i < universe.Length; i++)
        {
            if (owners[i] < 0) continue;
            targets[owners[i]].Add(universe[i]);
            _members.Add(universe[i], members[owners[i]]);
        }

        for (int i = 0; i < members.Length; i++) members[i].Target = [.. targets[i]];
    }

    /// <summary>The member has left.</summary>
    public void Forget(GroupMember member)
    {
        foreach (PartitionRef partition in member.Target) _members.Remove(partition);
    }

    /// <summary>The last member has left, and was forgotten.</summary>
    public void Clear() => (Universe, IsStale) = ([], false);
}
