using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Storage.Disk;

/// <summary>
/// One open file of a <see cref="PosixDisk"/>. Safe for concurrent calls; disposing while a call runs lets the call end.
/// Hot path: no allocation on reads, writes and syncs that succeed, but for the runtime's own in a write of many pieces.
/// The managed syncs (RandomAccess.FlushToDisk, FileStream.Flush(true)) return normally when the sync failed
/// (.NET 10 on Linux), so <see cref="DataSync"/> calls fdatasync itself.
/// A write that throws may have left any part of its bytes behind.
/// </summary>
internal sealed class PosixDiskFile(SafeFileHandle handle, string name) : IDiskFile
{
    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception exception) when (PosixFault.IsFault(exception))
            {
                throw PosixFault.OfException(exception, "fstat", name);
            }
        }
    }

    public int Read(Span<byte> destination, long position)
    {
        try
        {
            var total = 0;
            while (total < destination.Length)
            {
                var count = RandomAccess.Read(handle, destination[total..], position + total);
                if (count == 0)
                {
                    break;
                }

                total += count;
            }

            return total;
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "pread", name);
        }
    }

    // What fails else is told to who then reads as usual.
    public unsafe int ReadCached(Span<byte> destination, long position)
    {
        fixed (byte* start = destination)
        {
            var piece = new LibC.Piece(start, destination.Length);
            nint read = LibC.ReadPieces(handle, &piece, 1, position, LibC.ReadWithoutWaiting);
            return read >= 0 ? (int)read : Marshal.GetLastPInvokeError() == LibC.ErrnoNotSupported ? -1 : 0;
        }
    }

    public void Write(ReadOnlySpan<byte> source, long position)
    {
        try
        {
            RandomAccess.Write(handle, source, position);
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "pwrite", name);
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long position)
    {
        if (pieces.Count == 1)
        {
            Write(pieces[0].Span, position);
            return;
        }

        try
        {
            RandomAccess.Write(handle, pieces, position);
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "pwritev", name);
        }
    }

    public void DataSync()
    {
        if (LibC.DataSync(handle) != 0)
        {
            throw PosixFault.OfLastCall("fdatasync", name);
        }
    }

    public void Allocate(long length)
    {
        int errno;
        do
        {
            // Asking again for what a signal interrupted is harmless: blocks that are reserved stay reserved.
            errno = LibC.PosixFallocate(handle, 0, length);
        }
        while (errno == LibC.ErrnoInterrupted);

        if (errno != 0)
        {
            throw PosixFault.OfErrno(errno, "posix_fallocate", name);
        }
    }

    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception exception) when (PosixFault.IsFault(exception))
        {
            throw PosixFault.OfException(exception, "ftruncate", name);
        }
    }

    public void DropCache()
    {
        // The kernel forgets clean pages only: without the sync, dirty ones would stay and be read from memory.
        DataSync();
        var errno = LibC.PosixAdvise(handle, 0, 0, LibC.AdviseDontNeed);
        if (errno != 0)
        {
            throw PosixFault.OfErrno(errno, "posix_fadvise", name);
        }
    }

    public void Dispose() => handle.Dispose();
}
