namespace Messaging.Broker.Groups;

/// <summary>The refusals that several operations of groups share.</summary>
internal static class GroupRefusals
{
    public static readonly BrokerError Unknown = new(ErrorCode.UnknownMember, "The consumer group has no such member: it left, or was not heard of for its session.");
    public static readonly BrokerError Fenced = new(ErrorCode.FencedInstance, "Another client has joined with this instance id, and taken the member's place.");
    public static readonly BrokerError Rebalancing = new(ErrorCode.RebalanceInProgress, "The consumer group is rebalancing; a heartbeat tells the new assignment.");
    public static readonly BrokerError HasMembers = new(ErrorCode.GroupHasMembers, "Members of the consumer group have its partitions.");
    public static readonly BrokerError LeaseOver = new(ErrorCode.LeaseExpired, "A lease of this token is over; its records may be with somebody else.", "token");
    public static readonly BrokerError TokenInvalid = new(ErrorCode.CommitTokenInvalid, "This is not a commit token of this consumer group.", "token");

    public static readonly BrokerError TooLarge = new(
        ErrorCode.TooManyPartitions, "The call writes more about the group's partitions than a slot of the journal takes; name fewer topics.");

    public static readonly BrokerError TooManyPartitions = new(
        ErrorCode.TooManyPartitions, $"A consumer group has at most {GroupLimits.PartitionsPerGroupMax} partitions.");

    public static BrokerError Stale(int shown, int reached) => new(ErrorCode.StaleGeneration, $"The member has reached generation {reached}, not {shown}.");
}
