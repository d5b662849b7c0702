namespace Messaging.Broker.Groups;

/// <summary>A group is deleted with all that it has committed, where nobody uses it.</summary>
internal sealed class DeleteCall : IGroupCall<bool>
{
    public bool Ends { get; private set; }

    public int BytesMax(GroupTopics topics) => 0;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        BrokerError? refusal = OpenGroup.MayDelete(change, topics);
        Ends = refusal is null;
        return refusal is null ? true : refusal;
    }
}
