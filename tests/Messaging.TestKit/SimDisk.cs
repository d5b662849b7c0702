using Messaging.Storage;
using Messaging.Storage.Disk;

namespace Messaging.TestKit;

/// <summary>
/// A data folder in memory that can lose its power. It knows what is synced and what is not, in sectors of 512 bytes
/// and in changes of names: synced survives every crash, unsynced survives in any part. All chance comes from the seed
/// and from the Random of <see cref="Crash"/>. Safe for concurrent calls, which one lock makes a sequence.
/// Durable calls (<see cref="SimCall"/>) are counted from 1 over the disk's life; <see cref="CrashAt"/> and
/// <see cref="FailAt"/> name them by that number.
/// </summary>
public sealed class SimDisk : IDisk
{
    private readonly SimMachine _machine;
    private readonly SimFolders _folders = new();
    private readonly Stack<byte[]> _pool = new();
    private int? _lockEpoch;

    public SimDisk(int seed = 0) => _machine = new SimMachine(seed);

    /// <summary>Durable calls so far, failed ones included.</summary>
    public long DurableCalls => _machine.Plan.Calls;

    /// <summary>The size of the volume. Files count with their length; growth beyond it is a full disk. May change at any time.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    /// <summary>The durable call of that number begins, and the power goes in the middle of it.</summary>
    public void CrashAt(long call) => Locked(() => _machine.Plan.CrashAt(call));

    /// <summary>The durable call of that number fails.</summary>
    public void FailAt(long call, StorageFault fault) => Locked(() => _machine.Plan.FailAt(call, fault));

    /// <summary>The nth call of that kind from now on fails, among those whose name begins so.</summary>
    public void FailNext(SimCall call, StorageFault fault, int nth = 1, string namePrefix = "")
        => FailNext(call, fault, name => name.StartsWith(namePrefix, StringComparison.Ordinal), nth);

    /// <summary>The nth call of that kind from now on fails, among those whose names are meant.</summary>
    public void FailNext(SimCall call, StorageFault fault, Func<string, bool> names, int nth = 1)
        => Locked(() => _machine.Plan.PlanNext(call, fault, nth, names));

    /// <summary>The nth call of that kind from now on, among those whose names are meant, begins, and the power goes in the middle of it.</summary>
    public void CrashNext(SimCall call, Func<string, bool> names, int nth = 1)
        => Locked(() => _machine.Plan.PlanNext(call, null, nth, names));

    /// <summary>The call in the middle of which the power went last; null when it never did.</summary>
    public (SimCall Call, string Name)? LastCrash => _machine.Plan.LastCrash;

    /// <summary>Tells of every durable call before it happens, from inside the disk's lock.</summary>
    public void Observe(Action<SimCall, string> observer) => Locked(() => _machine.Plan.Observer = observer);

    /// <summary>Forgets what was planned to fail or to crash and has not happened yet.</summary>
    public void ClearPlan() => Locked(_machine.Plan.Clear);

    /// <summary>
    /// The power goes, if it has not gone yet, and comes back: what survives is all there is, open files are dead, the
    /// lock is free. The plan stays.
    /// </summary>
    public void Crash(Random random)
    {
        lock (_machine.Gate)
        {
            _machine.Restart();
            _folders.Crash(random);
        }
    }

    /// <summary>The process dies and the machine does not: open files are dead, the lock is free, the cache stays, unsynced.</summary>
    public void Kill() => Locked(_machine.Restart);

    /// <summary>Bit rot: flips one bit of a file, on the medium and for readers.</summary>
    public void FlipBit(string name, long position, int bit) => Locked(() => _folders.FileOf(name, "rot").Flip(position, bit));

    /// <summary>Reads that touch these bytes fail, also after crashes and renames, until <see cref="ClearReadFaults"/>.</summary>
    public void FailReads(string name, long from, long to) => Locked(() => _folders.FileOf(name, "rot").SetUnreadable(from, to));

    public void ClearReadFaults(string name) => Locked(() => _folders.FileOf(name, "repair").SetReadable());

    public IDiskFile Open(string name, bool create)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            var folder = _folders.Of(DiskName.FolderOf(name), "open");
            if (folder.Files.TryGetValue(name, out var inode))
            {
                return new SimDiskFile(this, _machine, inode, name);
            }

            if (!create)
            {
                throw SimMachine.Missing("open", name);
            }

            DiskName.Check(name);
            var crash = _machine.Begin(SimCall.Create, name);
            inode = new SimInode(name, _pool);
            folder.Put(name, inode);
            _machine.CrashIf(crash);
            return new SimDiskFile(this, _machine, inode, name);
        }
    }

    public IDiskFile CreateUncached(string name)
    {
        var file = (SimDiskFile)Open(name, create: true);
        file.Alignment = AlignedBuffer.Alignment;
        return file;
    }

    public bool Exists(string name)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            return _folders.TryGetFile(name, out _);
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            return _folders.List(folder);
        }
    }

    public void CreateFolder(string folder)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            DiskName.Check(folder);
            var crash = _machine.Begin(SimCall.CreateFolder, folder);
            _folders.Create(folder);
            _machine.CrashIf(crash);
            _folders.MakeDurable(folder);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            DiskName.CheckRename(from, to);
            DiskName.Check(to);
            _folders.FileOf(from, "rename");
            var crash = _machine.Begin(SimCall.Rename, from);
            _folders.Of(DiskName.FolderOf(to), "rename").Rename(from, to);
            _machine.CrashIf(crash);
        }
    }

    public bool TryLink(string from, string to)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            DiskName.Check(to);
            SimInode inode = _folders.FileOf(from, "link");
            SimFolder folder = _folders.Of(DiskName.FolderOf(to), "link");
            if (folder.Files.ContainsKey(to))
            {
                throw new StorageFaultException(StorageFault.Io, $"link of '{from}' failed: errno 17 ('{to}' is there)");
            }

            var crash = _machine.Begin(SimCall.Link, from);
            folder.Put(to, inode);
            _machine.CrashIf(crash);
            return true;
        }
    }

    public int CountNames(string name)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            return _folders.CountNames(_folders.FileOf(name, "stat"));
        }
    }

    public void Delete(string name)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            _folders.FileOf(name, "unlink");
            var crash = _machine.Begin(SimCall.Delete, name);
            _folders.Of(DiskName.FolderOf(name), "unlink").Remove(name);
            _machine.CrashIf(crash);
        }
    }

    public void SyncFolder(string folder)
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            var found = _folders.Of(folder, "fsync");
            _machine.CrashIf(_machine.Begin(SimCall.SyncFolder, folder));
            found.Sync();
        }
    }

    public long FreeBytes()
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            return FreeBytesOfVolume();
        }
    }

    public IDisposable Lock()
    {
        lock (_machine.Gate)
        {
            _machine.CheckUp();
            if (_lockEpoch == _machine.Epoch)
            {
                throw new StorageFaultException(StorageFault.FolderInUse, "The simulated folder is locked.");
            }

            _lockEpoch = _machine.Epoch;
            return new Holder(this, _machine.Epoch);
        }
    }

    internal long FreeBytesOfVolume() => Math.Max(0, CapacityBytes - _folders.UsedBytes);

    private void Locked(Action action)
    {
        lock (_machine.Gate)
        {
            action();
        }
    }

    private sealed class Holder(SimDisk disk, int epoch) : IDisposable
    {
        public void Dispose() => disk.Locked(() => disk._lockEpoch = disk._lockEpoch == epoch ? null : disk._lockEpoch);
    }
}
