using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;

namespace Messaging.Rest.Wire;

/// <summary>The words of consumer groups, both ways.</summary>
internal static class GroupWords
{
    public static string NameOf(GroupStatus status) => status switch
    {
        GroupStatus.Empty => "empty",
        GroupStatus.PreparingRebalance => "preparingRebalance",
        GroupStatus.CompletingRebalance => "completingRebalance",
        GroupStatus.Assigning => "assigning",
        GroupStatus.Reconciling => "reconciling",
        GroupStatus.Stable => "stable",
        GroupStatus.Dead => "dead",
    };

    public static string NameOf(GroupProtocol protocol) => protocol switch { GroupProtocol.Cooperative => "cooperative", GroupProtocol.Eager => "eager" };

    public static string NameOf(AssignmentStrategy strategy) =>
        strategy switch { AssignmentStrategy.Range => "range", AssignmentStrategy.RoundRobin => "roundRobin", AssignmentStrategy.Sticky => "sticky" };

    public static bool TryParse(string text, out GroupProtocol protocol)
    {
        (bool known, protocol) = text switch { "cooperative" => (true, GroupProtocol.Cooperative), "eager" => (true, GroupProtocol.Eager), _ => (false, default) };
        return known;
    }

    public static bool TryParse(string text, out AssignmentStrategy strategy)
    {
        (bool known, strategy) = text switch
        {
            "range" => (true, AssignmentStrategy.Range),
            "roundRobin" => (true, AssignmentStrategy.RoundRobin),
            "sticky" => (true, AssignmentStrategy.Sticky),
            _ => (false, default),
        };
        return known;
    }
}
