namespace Messaging.Http;

/// <summary>
/// One owner's part of a budget: as much as it holds, once that is more than a little. Not thread-safe; given back when it is disposed. Hot path.
/// </summary>
/// <param name="budget">Of all owners.</param>
/// <param name="uncountedBytesMax">Up to so many bytes are not counted.</param>
public sealed class BudgetShare(BufferBudget budget, long uncountedBytesMax) : IDisposable
{
    /// <summary>Bytes that are counted.</summary>
    public long Taken { get; private set; }

    /// <summary>So much is held from now on. False where there is no place for more: then it is counted as before.</summary>
    public bool TryHold(long bytes)
    {
        long wanted = bytes <= uncountedBytesMax ? 0 : bytes;
        if (wanted > Taken && !budget.TryTake(wanted - Taken))
            return false;
        if (wanted < Taken)
            budget.Return(Taken - wanted);
        Taken = wanted;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Return(Taken);
        Taken = 0;
    }
}
