namespace Messaging.Storage.Disk;

/// <summary>
/// The data folder as the engine sees it: the fault seam under which <c>PosixDisk</c> (the real folder) and the
/// simulation's <c>SimDisk</c> live. Names are relative, with '/' between folders. Every failure is a
/// <see cref="StorageFaultException"/>; nothing retries. Safe for concurrent calls on different files.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for positioned reads and writes; creates it empty when it is missing and <paramref name="create"/> is set.</summary>
    IDiskFile Open(string name, bool create);

    /// <summary>
    /// Creates a file that is written once and read later or never: its writes pass the page cache by, which stays for what is read. Each write is of
    /// memory, a position and a length that are multiples of 4,096. The file is open for writing only by who created it.
    /// </summary>
    IDiskFile CreateUncached(string name);

    /// <summary>Whether a file of that name is there, synced or not.</summary>
    bool Exists(string name);

    /// <summary>Names (without the folder) of the files of a folder, in ordinal order; empty when the folder is missing.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Creates a folder where it is missing and makes its entry in the parent durable.</summary>
    void CreateFolder(string folder);

    /// <summary>Replaces <paramref name="to"/>, in the same folder, atomically; durable after <see cref="SyncFolder"/>.</summary>
    void Rename(string from, string to);

    /// <summary>
    /// Gives a file a second name, in any folder, which must be free; durable after <see cref="SyncFolder"/>. False where the file system has no such thing, and nothing has happened.
    /// </summary>
    bool TryLink(string from, string to);

    /// <summary>How many names the file has, synced or not.</summary>
    int CountNames(string name);

    /// <summary>Removes a name, which must be there, and with its last one the file; durable after <see cref="SyncFolder"/>.</summary>
    void Delete(string name);

    /// <summary>fsync of the folder: creations, renames and deletions in it are durable when it returns. "" is the root.</summary>
    void SyncFolder(string folder);

    /// <summary>Bytes that unprivileged writers can still use on the volume.</summary>
    long FreeBytes();

    /// <summary>Takes the folder's exclusive lock; a second process gets <see cref="StorageFaultException"/> with <see cref="StorageFault.FolderInUse"/>.</summary>
    IDisposable Lock();
}
