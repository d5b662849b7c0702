using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>A client joins, by <see cref="JoinGroup"/>. What it is called where it is new is drawn before, so that each try gives the same answer.</summary>
internal sealed class JoinCall(JoinRequest request, MemberId fresh, IReadOnlyList<TopicPartition> owned) : IGroupCall<Membership>
{
    public bool Makes => true;

    public IReadOnlyList<TopicName> Topics => request.Topics;

    public int BytesMax(GroupTopics topics)
    {
        int bytes = (2 * MemberId.Bytes) + GroupLimits.InstanceIdBytesMax + (2 * GroupLimits.ClientTextBytesMax) + (8 * EntryWriter.VarintBytesMax);
        return bytes + (request.Topics.Count * (BrokerLimits.NameBytesMax + EntryWriter.VarintBytesMax));
    }

    public Result<Membership> Decide(GroupChange change, GroupTopics topics) =>
        Memberships.Of(change, topics, JoinGroup.Decide(change, topics, request, fresh, topics.Resolve(owned)));
}
