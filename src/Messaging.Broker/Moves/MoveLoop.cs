using Messaging.Broker.Catalog;
using Messaging.Broker.Copies;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Moves;

/// <summary>
/// Runs what moves messages between queues, or copies them there from topics, in the background, one thing after the other: at each signal, and at each beat of the heartbeat. By hand where
/// there is no heartbeat.
/// </summary>
internal sealed class MoveLoop(QueueHost host, OperationJournal journal, CopyRunner copies, DrainRunner drains) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DeadLetterMover _deadLetters = new(host);
    private readonly RedriveRunner _redrives = new(host, journal);

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await host.Aside.WaitAsync(cancellationToken);
            await TurnAsync();
        }
    }

    /// <summary>Once a second: what nobody has met is looked for.</summary>
    public void Beat()
    {
        _deadLetters.NoticeAll();
        _redrives.Beat();
        host.Aside.Signal();
    }

    /// <summary>All that can be done now; one turn after the other.</summary>
    public async ValueTask TurnAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            // In turns, so that no redrive holds up what is dead.
            do
            {
                await _deadLetters.RunAsync();
            }
            while (await _redrives.StepAsync() | await copies.StepAsync() | await drains.StepAsync());
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
