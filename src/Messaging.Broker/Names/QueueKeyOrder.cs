namespace Messaging.Broker.Names;

/// <summary>Account, namespace, then the ordinal order of names: the order of lists.</summary>
internal sealed class QueueKeyOrder : IComparer<QueueKey>
{
    public static readonly QueueKeyOrder Instance = new();

    public int Compare(QueueKey x, QueueKey y)
    {
        int order = string.CompareOrdinal(x.Account.Value, y.Account.Value);
        if (order == 0) order = string.CompareOrdinal(x.Namespace.Value, y.Namespace.Value);
        return order != 0 ? order : string.CompareOrdinal(x.Name.Value, y.Name.Value);
    }
}
