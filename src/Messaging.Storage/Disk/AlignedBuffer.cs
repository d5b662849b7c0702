using System.Runtime.InteropServices;

namespace Messaging.Storage.Disk;

/// <summary>Memory that a file of <see cref="IDisk.CreateUncached"/> takes: it begins at a multiple of <see cref="Alignment"/> and never moves.</summary>
internal sealed class AlignedBuffer
{
    /// <summary>A multiple of the logical blocks of all disks: what O_DIRECT asks of memory, positions and lengths. Bytes.</summary>
    public const int Alignment = 4096;

    private readonly byte[] _bytes;
    private readonly int _start;

    /// <summary>Of so many bytes, which are not zeroed.</summary>
    public AlignedBuffer(int length)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Alignment - 1));
        Length = length;
    }

    public int Length { get; }

    public Span<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Up to the next multiple of <see cref="Alignment"/>.</summary>
    public static int Align(int length) => (length + Alignment - 1) & -Alignment;
}
