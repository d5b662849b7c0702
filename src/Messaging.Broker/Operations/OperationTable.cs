using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Operations;

/// <summary>
/// All long operations that are remembered: those that go on, and the latest that have ended. Every change is an entry of the system stream, applied here live and by
/// recovery. Guarded by the sequencer, or by recovery.
/// </summary>
internal sealed class OperationTable
{
    private readonly SortedDictionary<long, LongOperation> _all = [];
    private readonly Dictionary<long, long> _activeByStream = [];

    public long LastNumber { get; private set; }

    public int ActiveCount => _activeByStream.Count;

    /// <summary>The numbers of those that have not ended, in their order.</summary>
    public List<long> Active() => [.. _activeByStream.Values.Order()];

    public bool TryGet(long number, [NotNullWhen(true)] out LongOperation? operation) => _all.TryGetValue(number, out operation);

    public bool IsActive(long streamId) => _activeByStream.ContainsKey(streamId);

    /// <summary>Those that are remembered at that time, the newest first.</summary>
    public IEnumerable<LongOperation> Newest(long now) =>
        _all.Values.Reverse().Where(operation => !operation.HasEnded || operation.EndedMs > now - BrokerLimits.OperationKeptMs);

    public void ApplyStarted(LongOperation operation)
    {
        LastNumber = Math.Max(LastNumber, operation.Number);
        _all[operation.Number] = operation;
        if (!operation.HasEnded) _activeByStream[operation.StreamId] = operation.Number;
    }

    public void ApplyProgress(long number, in OperationProgress progress)
    {
        LongOperation before = _all[number];
        _all[number] = before with
        {
            Cursor = progress.Cursor,
            Moved = before.Moved + progress.Moved,
            Failed = before.Failed + progress.Failed,
            Skipped = before.Skipped + progress.Skipped,
            FailureReason = before.FailureReason ?? progress.FailureReason,
        };
    }

    public void ApplyCancelling(long number) => _all[number] = _all[number] with { Status = OperationStatus.Cancelling };

    public void ApplyEnded(long number, OperationStatus status, long now, string? failureReason)
    {
        LongOperation before = _all[number];
        _activeByStream.Remove(before.StreamId);
        _all[number] = before with { Status = status, EndedMs = now, FailureReason = failureReason ?? before.FailureReason };
        Forget(now);
    }

    /// <summary>See <see cref="OperationEntries"/> for the bytes.</summary>
    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(LastNumber);
        writer.Unsigned(_all.Count);
        foreach (LongOperation operation in _all.Values) OperationEntries.WriteWhole(ref writer, operation);
    }

    public void Restore(ref EntryReader reader)
    {
        LastNumber = reader.Unsigned();
        for (long left = reader.Unsigned(); left > 0; left--) ApplyStarted(OperationEntries.ReadWhole(ref reader));
    }

    private void Forget(long now)
    {
        int ended = _all.Count - _activeByStream.Count;
        LongOperation[] over =
        [
            .. _all.Values.Where(operation => operation.HasEnded)
                .Where((operation, index) => index < ended - BrokerLimits.OperationsKeptMax || operation.EndedMs <= now - BrokerLimits.OperationKeptMs),
        ];
        foreach (LongOperation operation in over) _all.Remove(operation.Number);
    }
}

/// <summary>What one step of an operation has done: where it is now, and what came to its counts.</summary>
internal readonly record struct OperationProgress(long Cursor, long Moved, long Failed, long Skipped, string? FailureReason);
