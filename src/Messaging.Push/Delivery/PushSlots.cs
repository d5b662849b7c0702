namespace Messaging.Push.Delivery;

/// <summary>
/// Deliveries that may be under way at one time, of all subscriptions, first come first served. Those of subscriptions that are not known to answer have a part of them alone, so that any number of endpoints that hang
/// leaves the rest to those that don't. Thread-safe.
/// </summary>
internal sealed class PushSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _all = new(count, count);
    private readonly SemaphoreSlim _unproven = new(Math.Max(1, (int)(count * PushLimits.UnprovenShare)));

    /// <summary>Waits for one.</summary>
    public async ValueTask<Slot> TakeAsync(bool isProven, CancellationToken cancellationToken)
    {
        if (isProven)
        {
            await _all.WaitAsync(cancellationToken);
            return new Slot(_all, null);
        }

        await _unproven.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _unproven.Release();
            throw;
        }

        return new Slot(_all, _unproven);
    }

    public void Dispose()
    {
        _all.Dispose();
        _unproven.Dispose();
    }

    /// <summary>One of them; dispose it once.</summary>
    internal readonly struct Slot(SemaphoreSlim all, SemaphoreSlim? unproven) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            unproven?.Release();
        }
    }
}
