namespace Messaging.Broker.Names;

/// <summary>Account, namespace, then the ordinal order of names: the order of lists.</summary>
internal sealed class ResourceKeyOrder<TKey> : IComparer<TKey>
    where TKey : struct, IResourceKey<TKey>
{
    public static readonly ResourceKeyOrder<TKey> Instance = new();

    public int Compare(TKey x, TKey y)
    {
        int order = string.CompareOrdinal(x.Account.Value, y.Account.Value);
        if (order == 0) order = string.CompareOrdinal(x.Namespace.Value, y.Namespace.Value);
        return order != 0 ? order : string.CompareOrdinal(x.Text, y.Text);
    }
}
