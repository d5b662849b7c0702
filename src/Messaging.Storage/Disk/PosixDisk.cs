using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Storage.Disk;

/// <summary>
/// A data folder on a Linux file system. Owned by the engine's host; holds no state but the path, so it is safe for
/// concurrent calls. Renames stay within one folder; deleting or renaming a file that is not there is a fault.
/// </summary>
public sealed class PosixDisk : IDisk
{
    /// <summary>Empty; held by flock (docs/formats.md).</summary>
    internal const string LockName = "LOCK";

    private readonly string _root;
    private readonly bool _isReadOnly;

    /// <summary>Creates the folder durably where it is missing.</summary>
    /// <exception cref="StorageFaultException">The folder can neither be found nor created.</exception>
    public PosixDisk(string root)
        : this(Path.GetFullPath(root), isReadOnly: false) => CreateMissing(_root);

    private PosixDisk(string root, bool isReadOnly) => (_root, _isReadOnly) = (root, isReadOnly);

    /// <summary>A folder that is only looked at: nothing is created, not even the lock's file, and files open for reading.</summary>
    /// <exception cref="StorageFaultException">The folder is missing.</exception>
    public static PosixDisk OpenReadOnly(string root) => Directory.Exists(root)
        ? new PosixDisk(Path.GetFullPath(root), isReadOnly: true)
        : throw new StorageFaultException(StorageFault.Io, $"There is no folder '{root}'.");

    /// <inheritdoc/>
    public IDiskFile Open(string name, bool create)
    {
        var path = PathOf(name);
        return new PosixDiskFile(OpenFile(path, name, create), name);
    }

    /// <inheritdoc/>
    public IDiskFile CreateUncached(string name)
    {
        int descriptor = LibC.Open(PathOf(name), LibC.OpenCreateCloseOnExec | LibC.OpenDirect, LibC.OwnerMayWrite);
        if (descriptor >= 0)
        {
            return new PosixDiskFile(new SafeFileHandle(descriptor, ownsHandle: true), name);
        }

        // Some file systems, such as those in memory, have nothing but the cache.
        return Marshal.GetLastPInvokeError() == LibC.ErrnoInvalid ? Open(name, create: true) : throw PosixFault.OfLastCall("open", name);
    }

    /// <inheritdoc/>
    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var path = PathOf(folder);
        if (!Directory.Exists(path))
        {
            return [];
        }

        try
        {
            var names = Directory.GetFiles(path);
            for (var index = 0; index < names.Length; index++)
            {
                names[index] = Path.GetFileName(names[index]);
            }

            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "readdir", folder);
        }
    }

    /// <inheritdoc/>
    public void CreateFolder(string folder)
    {
        var path = PathOf(folder);
        CreateMissing(path);

        // A folder that is already there may be one that a crash caught before its sync.
        for (var level = folder; level.Length > 0; level = DiskName.FolderOf(level))
        {
            SyncFolder(DiskName.FolderOf(level));
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        DiskName.CheckRename(from, to);
        if (LibC.Rename(PathOf(from), PathOf(to)) != 0)
        {
            throw PosixFault.OfLastCall("rename", from);
        }
    }

    /// <inheritdoc/>
    public bool TryLink(string from, string to)
    {
        DiskName.Check(to);
        if (LibC.Link(PathOf(from), PathOf(to)) == 0)
        {
            return true;
        }

        // Some file systems have no second names, and some security modules forbid them.
        return Marshal.GetLastPInvokeError() is LibC.ErrnoNotPermitted or LibC.ErrnoNotSupported or LibC.ErrnoNoSuchCall or LibC.ErrnoTooManyNames or LibC.ErrnoOtherDevice
            ? false
            : throw PosixFault.OfLastCall("link", from);
    }

    /// <inheritdoc/>
    public int CountNames(string name)
    {
        Span<byte> status = stackalloc byte[LibC.StatusBytes];
        return LibC.Status(LibC.FromWorkingFolder, PathOf(name), 0, LibC.StatusNames, status) == 0
            ? BitConverter.ToInt32(status[LibC.StatusNamesAt..])
            : throw PosixFault.OfLastCall("statx", name);
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        if (LibC.Unlink(PathOf(name)) != 0)
        {
            throw PosixFault.OfLastCall("unlink", name);
        }
    }

    /// <inheritdoc/>
    public void SyncFolder(string folder) => SyncFolderAt(PathOf(folder));

    /// <inheritdoc/>
    public long FreeBytes()
    {
        try
        {
            // statvfs of the folder itself, so exact for its volume, whatever is mounted above.
            return new DriveInfo(_root).AvailableFreeSpace;
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "statvfs", _root);
        }
    }

    /// <inheritdoc/>
    public IDisposable Lock()
    {
        if (_isReadOnly && !Exists(LockName))
        {
            // No server has ever opened this folder, so none has it open now.
            return new SafeFileHandle();
        }

        // Not by File.OpenHandle, which takes a shared flock of its own and reports its failure as any other.
        var handle = OpenDescriptor(PathOf(LockName), _isReadOnly ? LibC.OpenReadOnlyCloseOnExec : LibC.OpenCreateCloseOnExec);
        if (LibC.Lock(handle, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
        {
            return handle;
        }

        var errno = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw errno == LibC.ErrnoWouldBlock
            ? new StorageFaultException(StorageFault.FolderInUse, $"'{_root}' is locked by another process.")
            : PosixFault.OfErrno(errno, "flock", LockName);
    }

    private SafeFileHandle OpenFile(string path, string name, bool create)
    {
        try
        {
            var mode = create && !_isReadOnly ? FileMode.OpenOrCreate : FileMode.Open;
            return File.OpenHandle(path, mode, _isReadOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "open", name);
        }
    }

    private static void CreateMissing(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path)!;
        CreateMissing(parent);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "mkdir", path);
        }

        SyncFolderAt(parent);
    }

    private static void SyncFolderAt(string path)
    {
        using var handle = OpenDescriptor(path, LibC.OpenReadOnlyCloseOnExec);
        if (LibC.Sync(handle) != 0)
        {
            throw PosixFault.OfLastCall("fsync", path);
        }
    }

    private static SafeFileHandle OpenDescriptor(string path, int flags)
    {
        var descriptor = LibC.Open(path, flags, LibC.OwnerMayWrite);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw PosixFault.OfLastCall("open", path);
    }

    private string PathOf(string name)
    {
        DiskName.Check(name);
        return Path.Join(_root, name);
    }
}
