using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Changes of the catalog that wait for the <see cref="CatalogWriter"/>, in their order. Anybody enters, while the door is open; one takes.
/// Behind a door that is shut nobody is left waiting.
/// </summary>
internal sealed class ChangeLine
{
    private readonly Channel<PendingChange> _waiting = Channel.CreateUnbounded<PendingChange>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _door = new();

    // Taken out of the channel and not yet for good: it stays first.
    private PendingChange? _first;
    private int _count;
    private bool _isClosed;
    private volatile CatalogAbsence? _absence = new("It has not been reached yet.", IsConflict: false);

    /// <summary>Why nobody enters now; null where the door is open.</summary>
    public CatalogAbsence? Absence => _absence;

    /// <summary>Why the change can't enter; null where it has.</summary>
    public BrokerError? TryEnter(PendingChange change)
    {
        lock (_door)
        {
            if (_isClosed) return QueueHost.StoppingError;
            if (_absence is { } absence) return absence.Error;
            if (Volatile.Read(ref _count) >= CatalogLimits.CatalogChangesWaitingMax) return new BrokerError(ErrorCode.Overloaded, "Too many changes of definitions wait.");
            Interlocked.Increment(ref _count);
            _waiting.Writer.TryWrite(change);
            return null;
        }
    }

    /// <summary>Completes when somebody waits.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        _first is not null ? ValueTask.FromResult(true) : _waiting.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Who is first, and stays so until <see cref="Take"/>.</summary>
    public bool TryPeek([NotNullWhen(true)] out PendingChange? change)
    {
        if (_first is null && _waiting.Reader.TryRead(out _first)) Interlocked.Decrement(ref _count);
        change = _first;
        return change is not null;
    }

    /// <summary>The first one goes; false where its caller has left.</summary>
    public bool Take()
    {
        bool isThere = _first!.TryTake();
        _first = null;
        return isThere;
    }

    public void Open() => _absence = null;

    /// <summary>Refuses who waits, and who comes.</summary>
    public void Shut(CatalogAbsence absence)
    {
        _absence = absence;
        Refuse(absence.Error, forEver: false);
    }

    /// <summary>The broker stops.</summary>
    public void Close() => Refuse(QueueHost.StoppingError, forEver: true);

    private void Refuse(BrokerError refusal, bool forEver)
    {
        // Who has seen an open door is in the line by now.
        lock (_door) _isClosed |= forEver;
        while (TryPeek(out PendingChange? change))
        {
            if (Take()) change.End(refusal);
        }
    }
}
