using Messaging.Storage;

namespace Messaging.TestKit;

/// <summary>
/// The content of one simulated file, whatever its name: sparse pages, the changed ones of which know their medium.
/// A crash costs what is unsynced, not what is stored. Guarded by the disk's lock.
/// </summary>
internal sealed class SimInode(string name, Stack<byte[]> pool)
{
    private static readonly byte[] Zeros = new byte[SimPage.Bytes];

    private readonly Dictionary<long, SimPage> _pages = [];
    private readonly List<SimPage> _changed = [];
    private readonly List<(long FirstSector, int Sectors)> _writes = [];
    private readonly List<(long From, long To)> _unreadable = [];
    private long _durableLength;

    /// <summary>The name at its creation or last rename, for messages.</summary>
    public string Name { get; set; } = name;

    public long Length { get; private set; }

    public int Read(Span<byte> destination, long position)
    {
        var count = (int)Math.Clamp(Length - position, 0, destination.Length);
        foreach (var (from, to) in _unreadable)
        {
            if (position < to && position + count > from)
            {
                throw new StorageFaultException(StorageFault.Io, $"pread of '{Name}' at {position} failed: errno 5 (injected)");
            }
        }

        for (var done = 0; done < count;)
        {
            var at = (int)((position + done) % SimPage.Bytes);
            var part = destination[done..count];
            part = part[..Math.Min(part.Length, SimPage.Bytes - at)];
            if (_pages.TryGetValue((position + done) / SimPage.Bytes, out var page))
            {
                page.Seen.AsSpan(at, part.Length).CopyTo(part);
            }
            else
            {
                part.Clear();
            }

            done += part.Length;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> source, long position, Random random)
    {
        if (source.IsEmpty)
        {
            return;
        }

        Length = Math.Max(Length, position + source.Length);
        var firstSector = position / SimPage.SectorBytes;
        _writes.Add((firstSector, (int)(((position + source.Length - 1) / SimPage.SectorBytes) - firstSector + 1)));
        Put(source, position, random);
    }

    public void SetLength(long length, Random random)
    {
        // What is cut off must read as zeros if the file grows again, at once and after any crash.
        var pages = length < Length ? _pages.Keys.Where(number => (number + 1) * SimPage.Bytes > length).Order().ToArray() : [];
        foreach (var number in pages)
        {
            var from = Math.Max(length, number * SimPage.Bytes);
            Put(Zeros.AsSpan(0, (int)(((number + 1) * SimPage.Bytes) - from)), from, random);
        }

        Length = length;
    }

    public void Sync()
    {
        foreach (var page in _changed)
        {
            page.Sync(pool);
        }

        _changed.RemoveAll(page => page.Medium is null);
        _writes.Clear();
        _durableLength = Length;
    }

    public void FailSync(Random random)
    {
        foreach (var page in _changed)
        {
            page.FailSync(random);
        }

        _writes.Clear();
        _durableLength = random.Next(2) == 0 ? _durableLength : Length;
    }

    public void DropCache()
    {
        Sync();
        foreach (var page in _changed)
        {
            page.DropCache(pool);
        }

        _changed.Clear();
    }

    /// <summary>Leaves what the medium has after the power went: any subset of the unsynced sectors, or any prefix of the unsynced writes, none and all included.</summary>
    public void Crash(Random random)
    {
        if (_changed.Count == 0 && Length == _durableLength)
        {
            return;
        }

        var lengthAfter = ChooseSurvivors(random);
        foreach (var page in _changed)
        {
            page.Crash(pool);
        }

        _changed.Clear();
        _writes.Clear();

        // Zeroes what landed behind the end, then takes that for granted: it is the medium.
        SetLength(lengthAfter, random);
        Sync();
    }

    public void Flip(long position, int bit)
    {
        if (!_pages.TryGetValue(position / SimPage.Bytes, out var page))
        {
            page = new SimPage(new byte[SimPage.Bytes]);
            _pages.Add(position / SimPage.Bytes, page);
        }

        page.Flip((int)(position % SimPage.Bytes), bit);
    }

    public void SetUnreadable(long from, long to) => _unreadable.Add((from, to));

    public void SetReadable() => _unreadable.Clear();

    private void Put(ReadOnlySpan<byte> source, long position, Random random)
    {
        while (!source.IsEmpty)
        {
            var at = (int)(position % SimPage.Bytes);
            var part = source[..Math.Min(source.Length, SimPage.Bytes - at)];
            var number = position / SimPage.Bytes;
            var exists = _pages.TryGetValue(number, out var page);

            // Zeros where nothing ever was are no change, so that a file that is filled with zeros costs nothing.
            if (exists || part.ContainsAnyExcept((byte)0))
            {
                if (page is null)
                {
                    page = new SimPage(new byte[SimPage.Bytes]);
                    _pages.Add(number, page);
                }

                if (page.Write(part, at, random, pool))
                {
                    _changed.Add(page);
                }
            }

            source = source[part.Length..];
            position += part.Length;
        }
    }

    // Marks the dirty sectors that reach the medium, and returns the length that does.
    private long ChooseSurvivors(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return _durableLength;
            case 1:
                _changed.ForEach(page => page.Surviving = page.Dirty);
                return Length;
            case 2:
                _changed.ForEach(page => page.Surviving = random.Next(1 << SimPage.Sectors));
                break;
            default:
                KeepPrefix(random);
                break;
        }

        return random.Next(3) switch
        {
            0 => _durableLength,
            1 => Length,
            _ => Length > _durableLength ? random.NextInt64(_durableLength, Length + 1) : Length,
        };
    }

    private void KeepPrefix(Random random)
    {
        var left = random.NextInt64(_writes.Sum(write => (long)write.Sectors) + 1);
        foreach (var (firstSector, sectors) in _writes)
        {
            for (var sector = firstSector; sector < firstSector + Math.Min(sectors, left); sector++)
            {
                if (_pages.TryGetValue(sector / SimPage.Sectors, out var page))
                {
                    page.Surviving |= 1 << (int)(sector % SimPage.Sectors);
                }
            }

            left -= Math.Min(sectors, left);
        }
    }
}
