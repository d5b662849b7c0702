namespace Messaging.TestKit;

/// <summary>
/// The names of one simulated folder: as they are seen, as they are durable, and the changes in between, of which a
/// crash keeps a prefix, as a journaling file system does. Guarded by the disk's lock.
/// </summary>
internal sealed class SimFolder
{
    private readonly SortedDictionary<string, SimInode> _durable = new(StringComparer.Ordinal);
    private readonly List<Change> _changes = [];

    public SortedDictionary<string, SimInode> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the folder's own entry in its parent is durable.</summary>
    public bool IsDurable { get; set; }

    public void Put(string name, SimInode inode) => Apply(new Change(name, inode, null));

    public void Remove(string name) => Apply(new Change(name, null, null));

    public void Rename(string from, string to)
    {
        Files[from].Name = to;
        Apply(new Change(to, Files[from], from));
    }

    public void Sync() => Land(_changes.Count);

    /// <summary>Leaves the durable names and a prefix of the changes.</summary>
    public void Crash(Random random)
    {
        if (_changes.Count == 0)
        {
            return;
        }

        Land(random.Next(_changes.Count + 1));
        Files.Clear();
        foreach (var (name, inode) in _durable)
        {
            Files.Add(name, inode);
        }
    }

    private void Apply(Change change)
    {
        _changes.Add(change);
        change.ApplyTo(Files);
    }

    private void Land(int changes)
    {
        for (var index = 0; index < changes; index++)
        {
            _changes[index].ApplyTo(_durable);
        }

        _changes.Clear();
    }

    private readonly record struct Change(string Name, SimInode? Inode, string? From)
    {
        public void ApplyTo(SortedDictionary<string, SimInode> files)
        {
            if (From is not null)
            {
                files.Remove(From);
            }

            if (Inode is null)
            {
                files.Remove(Name);
            }
            else
            {
                files[Name] = Inode;
            }
        }
    }
}
