namespace Messaging.Broker.Queues;

/// <summary>In which fields two definitions differ, by the names of the contract; made by a collection initialiser with a line for each field. Used by one call.</summary>
internal sealed class DifferentFields : List<string>
{
    public void Add(string field, bool isSame)
    {
        if (!isSame) Add(field);
    }
}
