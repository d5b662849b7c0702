using Messaging.Storage;
using Messaging.Storage.Disk;

namespace Messaging.TestKit;

/// <summary>
/// One process's view of a disk: it ends with the process, at once and for every thread of it. Files opened before a kill are dead on the simulated
/// disk anyway; but a killed engine's threads live on in a test, and would delete and rename by name under the engine that recovers.
/// </summary>
internal sealed class MortalDisk(IDisk disk) : IDisk
{
    private readonly Lock _lock = new();
    private bool _isDead;

    public bool IsDead
    {
        get
        {
            lock (_lock) return _isDead;
        }
    }

    /// <summary>When it returns, no call is under way and none will come through.</summary>
    public void Die()
    {
        lock (_lock) _isDead = true;
    }

    public IDiskFile Open(string name, bool create) => Alive(() => disk.Open(name, create));

    public IDiskFile CreateUncached(string name) => Alive(() => disk.CreateUncached(name));

    public bool Exists(string name) => Alive(() => disk.Exists(name));

    public IReadOnlyList<string> List(string folder) => Alive(() => disk.List(folder));

    public void CreateFolder(string folder) => Alive(() => disk.CreateFolder(folder));

    public void Rename(string from, string to) => Alive(() => disk.Rename(from, to));

    public bool TryLink(string from, string to) => Alive(() => disk.TryLink(from, to));

    public int CountNames(string name) => Alive(() => disk.CountNames(name));

    public void Delete(string name) => Alive(() => disk.Delete(name));

    public void SyncFolder(string folder) => Alive(() => disk.SyncFolder(folder));

    public long FreeBytes() => Alive(disk.FreeBytes);

    public IDisposable Lock() => Alive(disk.Lock);

    private T Alive<T>(Func<T> call)
    {
        lock (_lock) return _isDead ? throw new StorageFaultException(StorageFault.Io, "This process was killed.") : call();
    }

    private void Alive(Action call) => Alive(() =>
    {
        call();
        return true;
    });
}
