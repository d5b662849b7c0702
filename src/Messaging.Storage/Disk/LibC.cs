using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Storage.Disk;

/// <summary>
/// The system calls that .NET offers not at all, or offers without their errors (64-bit Linux). Zero is success; the
/// errno of a failure is in <see cref="Marshal.GetLastPInvokeError"/>, except for <see cref="PosixFallocate"/>, which returns it.
/// </summary>
internal static partial class LibC
{
    /// <summary>Read-only and close-on-exec: enough to sync a folder.</summary>
    internal const int OpenReadOnlyCloseOnExec = 0x80000;

    /// <summary>Read-write, create, close-on-exec: the lock file, and what passes the page cache by.</summary>
    internal const int OpenCreateCloseOnExec = 0x2 | 0x40 | 0x80000;

    /// <summary>Past the page cache: of x64, and of Arm64, which has another value.</summary>
    internal static readonly int OpenDirect = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;

    internal const int OwnerMayWrite = 0b110_100_100;

    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;
    internal const int AdviseDontNeed = 4;

    /// <summary>RWF_NOWAIT: what is not in memory is not waited for.</summary>
    internal const int ReadWithoutWaiting = 0x8;

    /// <summary>The calling process's working folder, from which a path that does not begin at the root counts.</summary>
    internal const int FromWorkingFolder = -100;

    /// <summary>Asks <see cref="Status"/> for the count of names.</summary>
    internal const uint StatusNames = 0x4;

    /// <summary>Size of what <see cref="Status"/> fills, and where in it the count of names stands. Bytes.</summary>
    internal const int StatusBytes = 256;
    internal const int StatusNamesAt = 16;

    internal const int ErrnoNotPermitted = 1;
    internal const int ErrnoInterrupted = 4;
    internal const int ErrnoNoMemory = 12;
    internal const int ErrnoOtherDevice = 18;
    internal const int ErrnoInvalid = 22;
    internal const int ErrnoFilesOfMachine = 23;
    internal const int ErrnoFilesOfProcess = 24;
    internal const int ErrnoWouldBlock = 11;
    internal const int ErrnoNoSpace = 28;
    internal const int ErrnoTooManyNames = 31;
    internal const int ErrnoNoSuchCall = 38;
    internal const int ErrnoNotSupported = 95;
    internal const int ErrnoQuota = 122;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    internal static partial int PosixFallocate(SafeFileHandle file, long position, long length);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    internal static partial int PosixAdvise(SafeFileHandle file, long position, long length, int advice);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    internal static unsafe partial nint ReadPieces(SafeFileHandle file, Piece* pieces, int count, long position, int flags);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(int folder, string path, int flags, uint wanted, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    /// <summary>struct iovec.</summary>
    internal readonly unsafe struct Piece(byte* start, nint length)
    {
        public readonly byte* Start = start;
        public readonly nint Length = length;
    }
}
