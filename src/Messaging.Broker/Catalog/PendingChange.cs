namespace Messaging.Broker.Catalog;

/// <summary>A change of the catalog that waits for its turn. Its caller may leave until that has come. Thread-safe.</summary>
internal sealed class PendingChange(CatalogChange change)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource<Result<ChangedDefinition[]>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _turn = Waiting;

    public CatalogChange Change => change;

    /// <summary>Per row of its draft what it has led to; or why nothing was changed.</summary>
    public Task<Result<ChangedDefinition[]>> Done => _done.Task;

    /// <summary>Its turn has come; false where the caller has left.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _turn, Taken, Waiting) == Waiting;

    /// <summary>The caller leaves; too late once its turn has come.</summary>
    public void TryLeave(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _turn, Left, Waiting) == Waiting) _done.TrySetCanceled(cancellationToken);
    }

    public void End(Result<ChangedDefinition[]> result) => _done.TrySetResult(result);
}
