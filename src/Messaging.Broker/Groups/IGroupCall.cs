using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>
/// One call on a group, as <see cref="GroupHost.RunAsync"/> makes it. All is asked inside the sequencer, perhaps more than once, before a decision counts.
/// </summary>
internal interface IGroupCall<T>
{
    /// <summary>The group begins with it where there is none, and where it is not refused.</summary>
    bool Makes => false;

    /// <summary>Fetches that wait on the group look again afterwards: offsets or leases change.</summary>
    bool Wakes => false;

    /// <summary>After <see cref="Decide"/>: the group ends.</summary>
    bool Ends => false;

    /// <summary>Topics that it brings to those that the group shares out.</summary>
    IReadOnlyList<TopicName> Topics => [];

    /// <summary>Most bytes of its own entries, without their heads; those of expired members, of topics' changes and of assignments are counted for it.</summary>
    int BytesMax(GroupTopics topics);

    /// <summary>Whether <see cref="Decide"/> would write nothing. Asked where no member is over, no topic has changed and the assignment is made.</summary>
    bool IsQuiet(GroupState state, GroupTopics topics, long now) => false;

    /// <summary>Decides, by the group's operations.</summary>
    Result<T> Decide(GroupChange change, GroupTopics topics);
}
