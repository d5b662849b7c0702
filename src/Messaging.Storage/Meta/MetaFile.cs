using Messaging.Storage.Disk;

namespace Messaging.Storage.Meta;

/// <summary>
/// META-a and META-b, written in turns, so that a torn write leaves the one before. A failing write is a failure of the
/// journal: the engine stops (engine.md section 9). So both stay open from the first write on: to open them again may fail for
/// want of a descriptor, which is no reason to stop. Owned by the maintenance thread.
/// </summary>
internal sealed class MetaFile(IDisk disk) : IDisposable
{
    private IDiskFile[] _files = [];

    public static readonly string[] Names = ["META-a", "META-b"];

    /// <summary>Where a record stands: its counter decides.</summary>
    public static string NameOf(MetaRecord record) => Names[record.Counter % Names.Length];

    /// <summary>
    /// The newest valid record; null when there is none. It is on the medium when this returns: a killed process may have left it
    /// in a cache only, and what the record before it names is deleted next. <paramref name="isOtherLost"/>: the other file should
    /// hold a record too and does not, and which of the two was newer can't be known.
    /// </summary>
    public static MetaRecord? ReadNewest(IDisk disk, out bool isOtherLost)
    {
        MetaRecord? newest = null;
        int valid = 0;
        byte[] bytes = new byte[MetaRecord.Bytes];
        foreach (string name in Names)
        {
            if (!disk.Exists(name))
            {
                continue;
            }

            using IDiskFile file = disk.Open(name, create: false);
            file.DropCache();
            int read = file.Read(bytes, 0);
            if (MetaRecord.Read(bytes.AsSpan(0, read)) is { Counter: > 0 } record)
            {
                newest = record.Counter > (newest?.Counter ?? 0) ? record : newest;
                valid++;
            }
        }

        isOtherLost = newest is { Counter: > 1 } && valid < Names.Length;
        return newest;
    }

    /// <summary>
    /// Durable when it returns. The first record of a folder makes both files, so that no later one needs space: with a full disk
    /// the engine goes on.
    /// </summary>
    public void Write(MetaRecord record)
    {
        byte[] bytes = new byte[MetaRecord.Bytes];
        bool isNew = _files.Length == 0 && OpenOrCreate(bytes);
        record.Write(bytes);
        WriteSynced(_files[record.Counter % Names.Length], bytes);
        if (isNew)
        {
            disk.SyncFolder("");
        }
    }

    public void Dispose()
    {
        foreach (IDiskFile file in _files)
        {
            file.Dispose();
        }
    }

    // True when a file was missing and has been made.
    private bool OpenOrCreate(ReadOnlySpan<byte> zeros)
    {
        string[] missing = [.. Names.Where(name => !disk.Exists(name))];
        _files = [.. Names.Select(name => disk.Open(name, create: true))];
        foreach (string name in missing)
        {
            WriteSynced(_files[Array.IndexOf(Names, name)], zeros);
        }

        return missing.Length > 0;
    }

    private static void WriteSynced(IDiskFile file, ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes, 0);
        file.DataSync();
    }
}
