using Messaging.Storage;
using Messaging.Storage.Disk;

namespace Messaging.TestKit;

/// <summary>An open file of a <see cref="SimDisk"/>, by the name that it was opened by; after a crash of the disk every call on it is a fault.</summary>
internal sealed class SimDiskFile(SimDisk disk, SimMachine machine, SimInode inode, string name) : IDiskFile
{
    private readonly int _epoch = machine.Epoch;
    private bool _isDisposed;

    /// <summary>What positions and lengths of writes are multiples of.</summary>
    public int Alignment { get; set; } = 1;

    public long Length
    {
        get
        {
            lock (machine.Gate)
            {
                CheckAlive();
                return inode.Length;
            }
        }
    }

    public int Read(Span<byte> destination, long position)
    {
        lock (machine.Gate)
        {
            CheckAlive();
            return inode.Read(destination, position);
        }
    }

    public int ReadCached(Span<byte> destination, long position) => Read(destination, position);

    public void Write(ReadOnlySpan<byte> source, long position)
    {
        lock (machine.Gate)
        {
            CheckAlive();
            if (position % Alignment != 0 || source.Length % Alignment != 0)
            {
                throw new StorageFaultException(StorageFault.Io, $"pwrite of '{name}' failed: errno 22 (not in whole blocks)");
            }

            var verdict = machine.Plan.Next(SimCall.Write, name);

            // A write that fails may have written a part; one without space has written what there was space for.
            var wanted = verdict.Fault is null ? source.Length : machine.Random.Next(source.Length + 1);
            var room = Math.Max(0, inode.Length + disk.FreeBytesOfVolume() - position);
            inode.Write(source[..(int)Math.Min(wanted, room)], position, machine.Random);
            machine.ThrowIfFault(verdict, SimCall.Write, name);
            machine.CrashIf(verdict.Crash);
            ThrowIfFull(wanted > room, "pwrite");
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long position) => Write(pieces.SelectMany(piece => piece.ToArray()).ToArray(), position);

    public void DataSync()
    {
        lock (machine.Gate)
        {
            Sync();
        }
    }

    public void DropCache()
    {
        lock (machine.Gate)
        {
            Sync();
            inode.DropCache();
        }
    }

    public void Allocate(long length)
    {
        lock (machine.Gate)
        {
            CheckAlive();
            ChangeLength(SimCall.Allocate, Math.Max(length, inode.Length));
        }
    }

    public void SetLength(long length)
    {
        lock (machine.Gate)
        {
            CheckAlive();
            ChangeLength(SimCall.SetLength, length);
        }
    }

    public void Dispose() => _isDisposed = true;

    private void CheckAlive()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        machine.CheckAlive(_epoch, name);
    }

    private void Sync()
    {
        CheckAlive();
        var verdict = machine.Plan.Next(SimCall.DataSync, name);
        if (verdict.Fault is not null)
        {
            inode.FailSync(machine.Random);
        }

        machine.ThrowIfFault(verdict, SimCall.DataSync, name);
        machine.CrashIf(verdict.Crash);
        inode.Sync();
    }

    private void ChangeLength(SimCall call, long length)
    {
        var crash = machine.Begin(call, name);
        ThrowIfFull(length - inode.Length > disk.FreeBytesOfVolume(), call.ToString());
        inode.SetLength(length, machine.Random);
        machine.CrashIf(crash);
    }

    private void ThrowIfFull(bool isFull, string call)
    {
        if (isFull)
        {
            throw new StorageFaultException(StorageFault.DiskFull, $"{call} of '{name}' failed: errno 28 (the simulated volume is full)");
        }
    }
}
