namespace Messaging.Broker.Groups;

/// <summary>A group ends, whoever uses it: the server is reset.</summary>
internal sealed class DropCall : IGroupCall<bool>
{
    public bool Ends => true;

    public int BytesMax(GroupTopics topics) => 0;

    public Result<bool> Decide(GroupChange change, GroupTopics topics) => true;
}
