namespace Messaging.Broker.Groups.Assignment;

/// <summary>Shares partitions out among members: pure, so that the same input has the same answer everywhere and always.</summary>
internal static class Assignor
{
    /// <summary>Of each partition the member that is to have it, or <see cref="AssignmentInput.Nobody"/> where nobody wants its topic.</summary>
    public static int[] Assign(AssignmentStrategy strategy, AssignmentInput input) => strategy switch
    {
        AssignmentStrategy.Range => RangeAssignor.Assign(input),
        AssignmentStrategy.RoundRobin => RoundRobinAssignor.Assign(input),
        AssignmentStrategy.Sticky => StickyAssignor.Assign(input),
    };
}
