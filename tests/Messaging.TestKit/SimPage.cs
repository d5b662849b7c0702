namespace Messaging.TestKit;

/// <summary>
/// One page of a simulated file: what readers see, and, only while the two differ, what is on the medium. A sector is
/// dirty (a sync will write it) or lost (a failed sync took it for written: readers see it, no later sync writes it).
/// </summary>
internal sealed class SimPage(byte[] seen)
{
    public const int Bytes = 4096;
    public const int SectorBytes = 512;
    public const int Sectors = Bytes / SectorBytes;

    /// <summary>What readers see.</summary>
    public byte[] Seen { get; } = seen;

    /// <summary>What is on the medium; null while it is the same.</summary>
    public byte[]? Medium { get; private set; }

    /// <summary>Dirty sectors, a bit each.</summary>
    public int Dirty { get; private set; }

    /// <summary>Sectors that only look as if they were written.</summary>
    public int Lost { get; private set; }

    /// <summary>Scratch of a crash: dirty sectors that reach the medium.</summary>
    public int Surviving { get; set; }

    /// <summary>Changes bytes; true when the page had no change before. A sector that was dirty already may have been written back in between.</summary>
    public bool Write(ReadOnlySpan<byte> source, int at, Random random, Stack<byte[]> pool)
    {
        var isFirst = Medium is null;
        if (isFirst)
        {
            Medium = pool.TryPop(out var array) ? array : new byte[Bytes];
            Seen.CopyTo(Medium, 0);
        }

        for (var sector = at / SectorBytes; sector <= (at + source.Length - 1) / SectorBytes; sector++)
        {
            if ((Dirty >> sector & 1) != 0 && random.Next(4) == 0)
            {
                WriteBack(sector);
            }

            Dirty |= 1 << sector;
            Lost &= ~(1 << sector);
        }

        source.CopyTo(Seen.AsSpan(at));
        return isFirst;
    }

    /// <summary>All dirty sectors reach the medium.</summary>
    public void Sync(Stack<byte[]> pool)
    {
        Land(Dirty);
        Dirty = 0;
        if (Lost == 0)
        {
            Release(pool);
        }
    }

    /// <summary>A sync that fails: some dirty sectors reach the medium, the others are lost and look clean.</summary>
    public void FailSync(Random random)
    {
        var landed = Dirty & random.Next(1 << Sectors);
        Land(landed);
        Lost |= Dirty & ~landed;
        Dirty = 0;
    }

    /// <summary>What is lost is seen to be lost.</summary>
    public void DropCache(Stack<byte[]> pool)
    {
        Medium!.CopyTo(Seen, 0);
        Lost = 0;
        Release(pool);
    }

    /// <summary>The power goes: the surviving ones of the dirty sectors reach the medium, and the medium is all that is left.</summary>
    public void Crash(Stack<byte[]> pool)
    {
        Land(Dirty & Surviving);
        Dirty = Surviving = 0;
        DropCache(pool);
    }

    /// <summary>Bit rot: on the medium and, as if it were read afresh, in the cache.</summary>
    public void Flip(int at, int bit)
    {
        Seen[at] ^= (byte)(1 << bit);
        if (Medium is not null)
        {
            Medium[at] ^= (byte)(1 << bit);
        }
    }

    private void Land(int sectors)
    {
        for (var sector = 0; sector < Sectors; sector++)
        {
            if ((sectors >> sector & 1) != 0)
            {
                WriteBack(sector);
            }
        }
    }

    private void WriteBack(int sector)
        => Seen.AsSpan(sector * SectorBytes, SectorBytes).CopyTo(Medium.AsSpan(sector * SectorBytes));

    private void Release(Stack<byte[]> pool)
    {
        pool.Push(Medium!);
        Medium = null;
    }
}
