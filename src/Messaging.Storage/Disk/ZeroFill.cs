using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Storage.Disk;

/// <summary>
/// Fills a file with zeros by direct writes: what goes through the page cache is copied there, and was an eighth of the server's processor time
/// while a new ring was filled. A file whose filling throws is of no use.
/// </summary>
internal static unsafe class ZeroFill
{
    private const int ChunkBytes = 1 << 20;
    private const int Alignment = 4096;

    public static void Write(SafeFileHandle file, string name, long length)
    {
        int flags = LibC.Control(file, LibC.GetFileFlags, 0);
        bool isDirect = flags >= 0 && LibC.Control(file, LibC.SetFileFlags, flags | LibC.OpenDirect) == 0;
        byte* zeros = (byte*)NativeMemory.AlignedAlloc(ChunkBytes, Alignment);
        try
        {
            NativeMemory.Clear(zeros, ChunkBytes);
            WriteAll(file, name, zeros, length);
        }
        finally
        {
            NativeMemory.AlignedFree(zeros);
        }

        if (isDirect && LibC.Control(file, LibC.SetFileFlags, flags) != 0)
        {
            throw PosixFault.OfLastCall("fcntl", name);
        }
    }

    private static void WriteAll(SafeFileHandle file, string name, byte* zeros, long length)
    {
        for (long position = 0; position < length; position += ChunkBytes)
        {
            try
            {
                RandomAccess.Write(file, new ReadOnlySpan<byte>(zeros, (int)Math.Min(ChunkBytes, length - position)), position);
            }
            catch (Exception exception) when (PosixFault.IsFault(exception))
            {
                throw PosixFault.OfException(exception, "pwrite", name);
            }
        }
    }
}
