using Messaging.Storage.Disk;

namespace Messaging.Storage.Journal;

/// <summary>Makes the files of the ring: under a temporary name, synced, renamed, the folder synced.</summary>
internal static class JournalSlotFile
{
    private const int ZeroChunkBytes = 1 << 20;

    /// <summary>
    /// Filled with zeros, so that a later sync changes nothing but content (engine.md section 5); or only allocated, where it takes the place of one that has become a pack: there frames are large, so
    /// that their bytes count and not their syncs, and zeros would be those bytes once more. A file system that reserves blocks (ext4, XFS) has space for them in both. Leaves nothing behind on a full disk.
    /// </summary>
    public static JournalSlot Create(IDisk disk, int number, int bytes, bool isFilled)
    {
        string name = JournalSlot.NameOf(number);
        string temporary = name + ".new";
        try
        {
            using IDiskFile file = disk.Open(temporary, create: true);
            file.Allocate(bytes);
            if (isFilled)
            {
                Fill(file, bytes);
            }

            file.DataSync();
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            if (disk.Exists(temporary))
            {
                disk.Delete(temporary);
            }

            throw;
        }

        disk.Rename(temporary, name);
        disk.SyncFolder("journal");
        return new JournalSlot(number, disk.Open(name, create: false));
    }

    // Through the page cache, in large pieces: pages that come there so are large ones, and every later frame is written and synced in a fifth
    // to a half less time than where direct writes left it to the frames to bring them.
    private static void Fill(IDiskFile file, int bytes)
    {
        byte[] zeros = new byte[Math.Min(ZeroChunkBytes, bytes)];
        for (long position = 0; position < bytes; position += zeros.Length)
        {
            file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - position)), position);
        }
    }
}
