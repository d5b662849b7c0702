namespace Messaging.Storage;

/// <summary>What kind of fault a <see cref="StorageFaultException"/> reports.</summary>
public enum StorageFault
{
    /// <summary>A system call failed; the errno is in the text.</summary>
    Io,
    /// <summary>ENOSPC or EDQUOT.</summary>
    DiskFull,
    /// <summary>EMFILE, ENFILE or ENOMEM: nothing is wrong with the file, and the same call may go well a moment later.</summary>
    Exhausted,
    /// <summary>Bytes that should be valid are not: the text names file and position.</summary>
    Corruption,
    /// <summary>Another process holds the folder.</summary>
    FolderInUse,
    /// <summary>Written by a format version that this build does not know.</summary>
    FormatUnknown,
}

/// <summary>A fault of the disk or of what is on it (house rule: faults are typed exceptions of Storage; refusals are values of Broker).</summary>
public sealed class StorageFaultException(StorageFault fault, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What the caller decides by; the text is for people.</summary>
    public StorageFault Fault { get; } = fault;

    /// <summary>Of damage: the file, named from the data folder's root. Null where no single file is at fault.</summary>
    public string? File { get; private init; }

    /// <summary>Of damage: where in the file the bytes begin that are not what was written.</summary>
    public long Position { get; private init; }

    /// <summary>Of damage: what is wrong there, without the place.</summary>
    public string? What { get; private init; }

    /// <summary>Bytes of a file are not those that were written; names the place for people and for the folder check.</summary>
    public static StorageFaultException OfDamage(string file, long position, string what) =>
        new(StorageFault.Corruption, $"{file} at {position}: {what}.") { File = file, Position = position, What = what };
}
