using System.Runtime.InteropServices;

namespace Messaging.Storage.Disk;

/// <summary>Turns an errno, or an exception of a managed file call, into the one exception of Storage.</summary>
internal static class PosixFault
{
    /// <summary>The fault of the P/Invoke that has just failed on this thread.</summary>
    internal static StorageFaultException OfLastCall(string call, string name)
        => OfErrno(Marshal.GetLastPInvokeError(), call, name);

    internal static StorageFaultException OfErrno(int errno, string call, string name, Exception? inner = null)
        => new(
            errno switch
            {
                LibC.ErrnoNoSpace or LibC.ErrnoQuota => StorageFault.DiskFull,
                LibC.ErrnoNoMemory or LibC.ErrnoFilesOfMachine or LibC.ErrnoFilesOfProcess => StorageFault.Exhausted,
                _ => StorageFault.Io,
            },
            $"{call} of '{name}' failed: errno {errno} ({Marshal.GetPInvokeErrorMessage(errno)})",
            inner);

    /// <summary>On Unix the runtime keeps the raw errno in the HResult, unless it has a Windows code for it.</summary>
    internal static StorageFaultException OfException(Exception exception, string call, string name)
        => exception.HResult is > 0 and < 4096
            ? OfErrno(exception.HResult, call, name, exception)
            : new(StorageFault.Io, $"{call} of '{name}' failed: {exception.Message}", exception);

    /// <summary>What the managed file calls throw for a failing system call; all else is a bug and passes through.</summary>
    internal static bool IsFault(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
