using System.Diagnostics.CodeAnalysis;
using Messaging.Storage.Disk;

namespace Messaging.TestKit;

/// <summary>All folders of a <see cref="SimDisk"/> by name, the root being "". Guarded by the disk's lock.</summary>
internal sealed class SimFolders
{
    private readonly SortedDictionary<string, SimFolder> _folders = new(StringComparer.Ordinal)
    {
        [""] = new SimFolder { IsDurable = true },
    };

    public long UsedBytes
    {
        get
        {
            var bytes = 0L;
            var seen = new HashSet<SimInode>();
            foreach (var folder in _folders.Values)
            {
                foreach (var inode in folder.Files.Values)
                {
                    bytes += seen.Add(inode) ? inode.Length : 0;
                }
            }

            return bytes;
        }
    }

    public int CountNames(SimInode inode) => _folders.Values.Sum(folder => folder.Files.Values.Count(file => file == inode));

    public SimFolder Of(string folder, string call)
        => _folders.TryGetValue(folder, out var found) ? found : throw SimMachine.Missing(call, folder);

    public SimInode FileOf(string name, string call)
        => TryGetFile(name, out var inode) ? inode : throw SimMachine.Missing(call, name);

    public bool TryGetFile(string name, [NotNullWhen(true)] out SimInode? inode)
    {
        inode = null;
        return _folders.TryGetValue(DiskName.FolderOf(name), out var folder) && folder.Files.TryGetValue(name, out inode);
    }

    public string[] List(string folder)
        => _folders.TryGetValue(folder, out var found)
            ? [.. found.Files.Keys.Select(name => name[(name.LastIndexOf('/') + 1)..])]
            : [];

    public void Create(string folder)
    {
        for (var level = folder; level.Length > 0; level = DiskName.FolderOf(level))
        {
            _folders.TryAdd(level, new SimFolder());
        }
    }

    public void MakeDurable(string folder)
    {
        for (var level = folder; level.Length > 0; level = DiskName.FolderOf(level))
        {
            _folders[level].IsDurable = true;
        }
    }

    public void Crash(Random random)
    {
        // In ordinal order, so that a folder comes before those in it.
        foreach (var (name, folder) in _folders.ToArray())
        {
            var hasParent = name.Length == 0 || _folders.ContainsKey(DiskName.FolderOf(name));
            if (!hasParent || (!folder.IsDurable && random.Next(2) == 0))
            {
                _folders.Remove(name);
                continue;
            }

            folder.IsDurable = true;
            folder.Crash(random);
            foreach (var (file, inode) in folder.Files)
            {
                inode.Name = file;
                inode.Crash(random);
            }
        }
    }
}
