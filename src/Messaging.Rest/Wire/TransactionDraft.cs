using Messaging.Broker.Names;
using Messaging.Broker.Transactions;

namespace Messaging.Rest.Wire;

/// <summary>A transaction as it is read, of an account and a namespace. Owned by the operation, which disposes it; not thread-safe.</summary>
internal sealed class TransactionDraft(AccountId account, NamespaceName space) : IDisposable
{
    private readonly List<IDisposable> _lists = [];

    public AccountId Account => account;

    public NamespaceName Namespace => space;

    public List<TransactionOperation> Operations { get; } = [];

    /// <summary>The list's memory lives as long as the draft.</summary>
    public TList Own<TList>(TList list)
        where TList : IDisposable
    {
        _lists.Add(list);
        return list;
    }

    public void Dispose()
    {
        foreach (IDisposable list in _lists) list.Dispose();
    }
}
