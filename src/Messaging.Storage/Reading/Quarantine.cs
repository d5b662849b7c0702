using System.Collections.Immutable;

namespace Messaging.Storage.Reading;

/// <summary>
/// Blocks that are damaged on the disk, as long as their files live. Thread-safe; asking takes no lock, for every read asks and
/// nearly always there is none.
/// </summary>
internal sealed class Quarantine
{
    private readonly Lock _lock = new();
    private volatile ImmutableHashSet<BlockKey> _blocks = [];

    public int Count => _blocks.Count;

    public bool Contains(BlockKey block)
    {
        ImmutableHashSet<BlockKey> blocks = _blocks;
        return !blocks.IsEmpty && blocks.Contains(block);
    }

    /// <summary>False when it was there already.</summary>
    public bool Add(BlockKey block)
    {
        lock (_lock)
        {
            ImmutableHashSet<BlockKey> grown = _blocks.Add(block);
            bool isNew = grown != _blocks;
            _blocks = grown;
            return isNew;
        }
    }

    /// <summary>Forgets the blocks of files that are gone. A reader that still holds one may add it again, until the next time.</summary>
    public void Keep(Func<long, bool> fileIsAlive)
    {
        if (_blocks.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            _blocks = _blocks.Except(_blocks.Where(block => !fileIsAlive(block.File)));
        }
    }
}
