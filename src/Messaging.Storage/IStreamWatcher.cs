namespace Messaging.Storage;

/// <summary>Who waits for records of a stream (<see cref="LogStream.Watcher"/>).</summary>
public interface IStreamWatcher
{
    /// <summary>
    /// <see cref="LogStream.SyncedNext"/> has risen: once per batch, on the thread that writes the journal, before the commits of that frame complete.
    /// Every send waits for what this does: never block, never enter the sequencer, never throw; wake whoever waits elsewhere.
    /// </summary>
    void Appended(LogStream stream);
}
