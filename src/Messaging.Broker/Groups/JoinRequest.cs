using System.Text;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>A client wants to be a member of a consumer group, or to be one with other topics. Immutable.</summary>
public sealed record JoinRequest
{
    /// <summary>Who it is already; null for a new member.</summary>
    public MemberId? MemberId { get; init; }

    /// <summary>
    /// A name of its own that outlives its process: who joins with it again takes the place of its former self, without a rebalance. Null for a member that
    /// comes and goes.
    /// </summary>
    public string? InstanceId { get; init; }

    /// <summary>What the client calls itself, for whoever looks at the group.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Where the client calls from, for whoever looks at the group.</summary>
    public string ClientHost { get; init; } = "";

    /// <summary>Topics that it wants records of; they need not be there yet.</summary>
    public IReadOnlyList<TopicName> Topics { get; init; } = [];

    /// <summary>How long it may be silent before it is no member any more.</summary>
    public int SessionSeconds { get; init; } = GroupLimits.SessionSecondsDefault;

    /// <summary>How long it may take to give partitions up before it is no member any more.</summary>
    public int RebalanceSeconds { get; init; } = GroupLimits.RebalanceSecondsDefault;

    /// <summary>Of the first member, and then of all; null is what the others have, cooperative without any.</summary>
    public GroupProtocol? Protocol { get; init; }

    /// <summary>Of the first member, and then of all; null is what the others have, sticky without any.</summary>
    public AssignmentStrategy? Strategy { get; init; }

    /// <summary>The first rule that the request breaks, with the field's name; null when it is legal.</summary>
    internal BrokerError? Validate()
    {
        if (Topics.Count is 0 or > GroupLimits.TopicsPerMemberMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"A member has 1 to {GroupLimits.TopicsPerMemberMax} topics.", "topics");
        }

        if (InstanceId is not null && !NameRules.IsLegal(InstanceId, GroupLimits.InstanceIdBytesMax))
        {
            return new BrokerError(
                ErrorCode.InvalidValue, $"An instance id is 1 to {GroupLimits.InstanceIdBytesMax} bytes of UTF-8 without control characters.", "instanceId");
        }

        if (Protocol is not (null or GroupProtocol.Cooperative or GroupProtocol.Eager))
        {
            return new BrokerError(ErrorCode.InvalidValue, "The protocol is cooperative or eager.", "protocol");
        }

        if (Strategy is not (null or AssignmentStrategy.Range or AssignmentStrategy.RoundRobin or AssignmentStrategy.Sticky))
        {
            return new BrokerError(ErrorCode.InvalidValue, "The strategy is range, roundRobin or sticky.", "strategy");
        }

        return ClientText("clientId", ClientId) ?? ClientText("clientHost", ClientHost)
            ?? QueueDefinition.Range("sessionSeconds", SessionSeconds, GroupLimits.SessionSecondsMin, GroupLimits.SessionSecondsMax)
            ?? QueueDefinition.Range("rebalanceSeconds", RebalanceSeconds, GroupLimits.RebalanceSecondsMin, GroupLimits.RebalanceSecondsMax);
    }

    private static BrokerError? ClientText(string field, string value) => Encoding.UTF8.GetByteCount(value) <= GroupLimits.ClientTextBytesMax
        ? null
        : new BrokerError(ErrorCode.InvalidValue, $"{field} has at most {GroupLimits.ClientTextBytesMax} bytes of UTF-8.", field);
}
