using Messaging.Broker.Catalog;
using Messaging.Broker.Moves;
using Messaging.Broker.Topics.Compaction;

namespace Messaging.Broker;

/// <summary>
/// What goes on in a broker without a call: the heartbeat, moves, compaction, and changes of a catalog in Postgres. Owned by the <see cref="MessageBroker"/>, which starts and stops it once. A loop that ends by a fault
/// tells of it, and the process must end.
/// </summary>
internal sealed class BrokerLoops(TimeProvider time, Func<ValueTask> tick, MoveLoop moves, TopicCompaction compaction, Action<Exception> fatal) : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _heartbeat = Task.CompletedTask;
    private Task _moving = Task.CompletedTask;
    private Task _compacting = Task.CompletedTask;
    private Task _catalogRun = Task.CompletedTask;

    /// <summary>Not in the simulation, which takes each turn by itself.</summary>
    public void Start()
    {
        _heartbeat = GuardAsync(BeatAsync);
        _moving = GuardAsync(() => moves.RunAsync(_stopping.Token));
        _compacting = GuardAsync(() => compaction.RunAsync(_stopping.Token));
    }

    /// <summary>Once the writer has begun.</summary>
    public void Keep(CatalogWriter writer) => _catalogRun = KeepCatalogAsync(writer);

    /// <summary>Stops them all and waits for what each is about.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _heartbeat;
        await _moving;
        moves.Dispose();
        await _compacting;
        compaction.Dispose();
        await _catalogRun;
        _stopping.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, time);
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            await tick();
            moves.Beat();
        }
    }

    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The broker stops.
        }
        catch (Exception fault)
        {
            // Retention, moves or compaction would end without a word, and state that broke an invariant can't be trusted.
            fatal(fault);
            throw;
        }
    }

    private async Task KeepCatalogAsync(CatalogWriter writer)
    {
        try
        {
            await writer.RunAsync(_stopping.Token);
        }
        catch (Exception fault)
        {
            // The mirror and the truth may differ by what was under way, which only a start brings together again.
            fatal(fault);
            throw;
        }
    }
}
