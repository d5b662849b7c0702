using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Messaging.Storage.Disk;

namespace Messaging.Storage.Packs;

/// <summary>
/// A sealed pack. Its file is opened at the first use and its index kept by weak reference (1.5 KiB for a MiB of records),
/// so that what nobody reads costs nothing. Readers pin it under their stream's index lock; a pack that is doomed and no
/// longer pinned closes its file. Thread-safe.
/// </summary>
internal sealed class Pack(IDisk disk, long id, long bytes)
{
    private const int PrefixLength = 8;
    private readonly Lock _lock = new();
    private readonly WeakReference<PackBlock[]> _blocks = new(null!);
    private IDiskFile? _file;
    private int _pins;
    private bool _doomed;

    public long Id { get; } = id;

    /// <summary>The file's size.</summary>
    public long Bytes { get; } = bytes;

    public string Name => NameOf(Id);

    public static string NameOf(long id) => $"packs/P-{id:D12}.pack";

    /// <summary>Only what <see cref="NameOf"/> makes is a name.</summary>
    public static bool TryParseName(string name, out long id) =>
        long.TryParse(name.AsSpan(Math.Min(name.Length, PrefixLength)).TrimEnd(".pack"), NumberStyles.None, CultureInfo.InvariantCulture, out id)
        && name == NameOf(id);

    public IDiskFile File
    {
        get
        {
            lock (_lock)
            {
                return _file ??= disk.Open(Name, create: false);
            }
        }
    }

    /// <summary>The index of all blocks; reads it when nobody holds it. Throws on damage.</summary>
    public PackBlock[] Blocks
    {
        get
        {
            if (!_blocks.TryGetTarget(out PackBlock[]? blocks))
            {
                blocks = PackReader.ReadIndex(File, Id, Name).Blocks;
                _blocks.SetTarget(blocks);
            }

            return blocks;
        }
    }

    /// <summary>The index where it is in memory.</summary>
    public bool TryGetBlocks([NotNullWhen(true)] out PackBlock[]? blocks) => _blocks.TryGetTarget(out blocks);

    public void Pin()
    {
        lock (_lock)
        {
            _pins++;
        }
    }

    public void Unpin()
    {
        lock (_lock)
        {
            _pins--;
            CloseIfUnused();
        }
    }

    /// <summary>No index names the pack any more: the last reader closes the file.</summary>
    public void Doom()
    {
        lock (_lock)
        {
            _doomed = true;
            CloseIfUnused();
        }
    }

    private void CloseIfUnused()
    {
        if (_doomed && _pins == 0)
        {
            _file?.Dispose();
            _file = null;
        }
    }
}
