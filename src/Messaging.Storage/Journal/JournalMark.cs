namespace Messaging.Storage.Journal;

/// <summary>A place between two frames: where recovery goes on reading, and what it expects there.</summary>
internal readonly record struct JournalPosition(int Slot, int Offset, long Lsn, uint Crc);

/// <summary>A checkpoint's wish to know the position after the newest frame that its snapshot covers.</summary>
internal sealed class JournalMark
{
    private readonly TaskCompletionSource<JournalPosition> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReached => _reached.Task.IsCompleted;

    public void Reach(JournalPosition position) => _reached.TrySetResult(position);

    public void Fail(Exception fault) => _reached.TrySetException(fault);

    /// <summary>Blocks the maintenance thread until the frame is synced; throws when the journal failed.</summary>
    public JournalPosition Wait() => _reached.Task.GetAwaiter().GetResult();
}
